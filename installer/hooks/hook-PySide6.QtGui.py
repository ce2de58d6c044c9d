"""PyInstaller's own hook for QtGui, with the plug-ins that the program uses and no others.

They are left out before their libraries are looked for: the on-screen keyboard alone would bring
Qt's QML, the GTK theme all of GTK.
"""

from __future__ import annotations

from PyInstaller.utils.hooks.qt import add_qt6_dependencies

from installer.contents import keeps_plugin

hiddenimports, binaries, datas = add_qt6_dependencies(__file__)
binaries = [pair for pair in binaries if keeps_plugin(pair[0])]
