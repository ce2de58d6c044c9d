"""Papers: how tables, working papers and summaries look as PDF and XLSX; stamps, signatures."""
