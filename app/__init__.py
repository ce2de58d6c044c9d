"""Wuji: five-category classification of non-credit assets for rural credit cooperatives."""

__version__ = "0.1.0"
