"""OK4xx: names that nothing declares, or two things declare."""

from __future__ import annotations

from typing import Final

from orderkit._diagnostics.codes import Code

CODES: Final[tuple[Code, ...]] = (
    Code("OK401", "error", "there is no {kind_en} `{name}`", "没有名为“{name}”的{kind_zh}", "known: {known}", "已有：{known}"),
    Code(
        "OK402",
        "error",
        "the {kind_en} `{name}` is declared twice",
        "{kind_zh}“{name}”声明了两次",
        "rename one of the two, or delete it",
        "请改掉其中一个的名字，或删去它",
    ),
    Code("OK403", "error", "`{name}` is a standard field, and its type cannot be changed", "“{name}”是标准字段，类型不能更改", "keep `label`, `required` and `private` here, and choose another name for another type", "这里只能写 label、required、private；需要别的类型请另起字段名"),
    Code("OK404", "error", "there is no type `{name}`", "没有类型“{name}”", "types: {known}", "可用类型：{known}"),
    Code("OK405", "error", "the file `{name}` is not there", "文件“{name}”不存在", "paths are relative to the project's folder", "路径相对于项目文件夹"),
    Code("OK406", "error", "the file `{name}` lies outside the project", "文件“{name}”在项目之外", "put it inside the project's folder", "请把它放进项目文件夹"),
    Code("OK407", "error", "{file}, line {line}, column {column}: {said}", "{file} 第 {line} 行“{column}”列：{said}"),
    Code("OK408", "error", "a choice needs `of`", "choice 类型需要 of", "list what may be chosen: `of: [a, b]`", "请列出可选值，如 of: [甲, 乙]"),
    Code("OK409", "error", "`{value}` is no time zone", "“{value}”不是时区", "write a name such as Asia/Shanghai", "请写成 Asia/Shanghai 这样的名称"),
    Code("OK410", "error", "`{value}` is no currency", "“{value}”不是币种", "write three letters such as CNY", "请写三个大写字母，如 CNY"),
    Code("OK411", "error", "language {value} is newer than this version of orderkit, which reads 1", "语言版本 {value} 高于本版 orderkit 所支持的 1", "write `language: 1` or update orderkit", "请写 language: 1，或升级 orderkit"),
    Code("OK412", "error", "the default `{value}` does not fit the type: {said}", "默认值“{value}”不符合类型：{said}"),
    Code("OK413", "error", "`{value}` is no pattern: {said}", "“{value}”不是正则表达式：{said}"),
    Code("OK414", "error", "the project has no `project:` section", "项目没有 project: 部分", "write `project: {name: …, language: 1, currency: CNY, timezone: Asia/Shanghai}` into orderkit.yaml", "请在 orderkit.yaml 中写 project: {name: …, language: 1, currency: CNY, timezone: Asia/Shanghai}"),
    Code("OK415", "error", "the table needs either `file` or `host: true`", "表需要 file 或 host: true"),
    Code("OK416", "error", "two rows of {file} have the key `{name}` (lines {first} and {line})", "{file} 中有两行的键都是“{name}”（第 {first} 行与第 {line} 行）"),
    Code("OK417", "error", "a field cannot have both `formula` and {other}", "字段不能同时有 formula 和 {other}"),
    Code("OK418", "error", "`{name}` is a name that orderkit uses itself", "“{name}”是 orderkit 的保留名", "choose another name", "请换一个名字"),
    Code("OK421", "error", "the file holds no sections", "文件中没有任何部分", "begin with a section such as `fields:`", "请以 fields: 之类的部分开头"),
    Code("OK422", "error", "there is no section `{name}`", "没有名为“{name}”的部分", "sections: {known}", "可用的部分：{known}"),
    Code("OK423", "error", "the section `{name}` is part of the language, but this version of orderkit does not run it yet", "部分“{name}”属于语言，但本版 orderkit 尚不支持"),
    Code("OK424", "error", "`{name}` holds names with their definitions", "“{name}”下面应是名称及其定义", "write `{name}: {a_name: {…}}`", "请写成 {name}: {名称: {…}}"),
    Code("OK425", "error", "`{name}` stands in two files", "“{name}”出现在两个文件中", "keep it in one file", "请只在一个文件中保留"),
    Code("OK426", "error", "`{name}` is declared twice under `{section}`", "“{name}”在 {section} 中声明了两次", "rename one of the two, or delete it", "请改掉其中一个的名字，或删去它"),
    Code("OK427", "error", "the overlay sets `{name}`, which the project does not have", "覆盖文件设置了项目中没有的“{name}”", "an overlay may only change what exists, or add to project.vars", "覆盖文件只能修改已有的内容，或增加 project.vars"),
)  # fmt: skip
