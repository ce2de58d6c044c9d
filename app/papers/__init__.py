"""Papers: how tables, working papers, sheets and summaries look as PDF and XLSX; stamps, signatures."""
