"""The columns of the register of classified assets (非信贷资产五级分类登记簿)."""

from __future__ import annotations

from collections.abc import Mapping

COLUMNS: Mapping[str, str] = {
    "asset_no": "资产编号",
    "name": "资产名称",
    "institution": "所属机构",
    "asset_kind": "资产类型",
    "subject": "核算科目",
    "carrying_amount": "账面价值",
    "formed_on": "资产取得日期",
    "classified_on": "分类时间",
    "expected_loss": "预计损失",
    "loss_rate": "预计损失率",
    "background": "背景资料",
    "risk_analysis": "风险因素分析",
    "loss_measurement": "损失测算",
    "initial_class": "初分意见",
    "initial_reason": "初分意见说明",
    "measures": "处置措施及管理办法",
    "initial_by": "初分类操作员",
    "initial_on": "初分类日期",
    "review_reason": "初审意见",
    "review_class": "初审认定结果",
    "review_by": "初审操作员",
    "review_on": "初审日期",
    "determined_class": "初始认定结果",
    "determined_reason": "认定说明",
    "determined_by": "认定人",
    "determined_on": "认定日期",
    "state": "认定状态",
    "union_code": "法人联社号",
    "currency": "币种",
}
"""Keys and heads in the order that the provincial systems have them."""
CURRENCY = "人民币"
BACKGROUND = ("wp_formation", "wp_state")
"""The parts of the working paper that make up the background."""
