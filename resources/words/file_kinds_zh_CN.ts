<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<!-- What Qt's own Chinese leaves out, or says as nobody here does, in its file dialog. `pyside6-lrelease` makes the .qm of it. -->
<TS version="2.1" language="zh_CN">
  <context>
    <name>QAbstractFileIconProvider</name>
    <message>
      <source>Drive</source>
      <translation>驱动器</translation>
    </message>
    <message>
      <source>File</source>
      <translation>文件</translation>
    </message>
    <message>
      <source>%1 File</source>
      <translation>%1 文件</translation>
    </message>
    <message>
      <source>File Folder</source>
      <translation>文件夹</translation>
    </message>
    <message>
      <source>Folder</source>
      <translation>文件夹</translation>
    </message>
    <message>
      <source>Alias</source>
      <translation>别名</translation>
    </message>
    <message>
      <source>Shortcut</source>
      <translation>快捷方式</translation>
    </message>
    <message>
      <source>Unknown</source>
      <translation>未知</translation>
    </message>
  </context>
  <context>
    <name>QFileSystemModel</name>
    <message>
      <source>Size</source>
      <translation>大小</translation>
    </message>
  </context>
</TS>
