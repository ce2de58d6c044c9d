"""Makes the program as one folder with PyInstaller, and tries it: ``./do installer``."""
