"""The package (.wjz): built whole or not at all, verified before anything in it is trusted."""
