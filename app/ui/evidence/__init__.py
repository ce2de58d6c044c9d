"""Evidence in the window: bringing files in, looking at them, pointing at what they say."""
