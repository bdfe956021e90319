import { eventColumns, orderColumns } from '@stagewatch/server/ingest/files/find-columns.ts'
import { knownExports } from '@stagewatch/server/ingest/files/known-exports.ts'
import { columnsOfRows, importColumns, rowMeanings } from '@stagewatch/shared/contract/import-mapping.ts'
import { chineseExports } from './chinese-texts.ts'
import { code, page, table } from './reference-pages.ts'

const headers = { ...orderColumns, ...eventColumns } as Readonly<Record<string, readonly string[]>>

/** `docs/reference/imports.md`: columns, headers and known exports. */
export function importsPage(): string {
  return page(
    'Import formats',
    '[中文](imports.zh-CN.md)',
    '[Getting started](../getting-started.md#import-a-file) explains how a file is read, and [commands](commands.md#import) lists the options. This page lists what is recognized by name.',
    `## Columns\n\nA column is recognized by its header; of several, the first in this list is used. Case, spaces, dots, underscores, hyphens and full-width characters do not matter. \`--column NAME=HEADER\` assigns a column that has another header. NAME is one of ${listed(importColumns)}.\n\nA file with a row per event can have all of them, with a row per order (\`--orders\`) ${listed(columnsOfRows.orders)}, and with a column per milestone (\`--wide\`) ${listed(columnsOfRows.wide)}. Another NAME is refused.`,
    headerTable(['column', 'headers, in order of precedence']),
    `## Meaning of a row\n\n\`--as\` and the field \`as\` of a mapping take one of ${listed(rowMeanings)}. \`rows\` of a mapping is \`events\`, \`orders\` (\`--orders\`) or \`wide\` (\`--wide\`).`,
    '## Files of events\n\nA file whose lines are events as [`POST /api/v1/events`](events.md) takes them (NDJSON) needs no columns and no mapping; see [export events](../operating/export.md).',
    '## Known exports\n\nAn export is recognized when all of its headers are present. `--preset NAME` selects one, and `--preset none` turns the recognition off.',
    exportTable(['preset', 'export', 'a row is', 'headers', 'time zone'], (title) => title, {
      events: 'an event',
      orders: 'an order',
      wide: 'an order with its milestones',
    }),
  )
}

/** `docs/reference/imports.zh-CN.md` */
export function chineseImportsPage(): string {
  return page(
    '导入格式',
    '[English](imports.md)',
    '怎样读取文件，见[入门](../getting-started.zh-CN.md#导入文件)；选项见[命令](commands.md#import)（英文）。本页列出按名称能识别的内容。',
    `## 列\n\n列按表头识别；有几列符合时，取本表中排在最前面的。大小写、空格、点、下划线、连字符和全角字符不影响。表头不同的列，用 \`--column NAME=HEADER\` 指定。NAME 取以下之一：${listed(importColumns, '、')}。\n\n每行一条事件的文件可以有以上全部的列；每行一张订单的文件（\`--orders\`）可以有 ${listed(columnsOfRows.orders, '、')}；每个里程碑一列的文件（\`--wide\`）可以有 ${listed(columnsOfRows.wide, '、')}。其他 NAME 会被拒绝。`,
    headerTable(['列', '表头，按优先顺序']),
    `## 一行的含义\n\n\`--as\` 和映射的 \`as\` 字段取以下之一：${listed(rowMeanings, '、')}。映射的 \`rows\` 为 \`events\`、\`orders\`（\`--orders\`）或 \`wide\`（\`--wide\`）。`,
    '## 事件文件\n\n如果文件的每一行都是 [`POST /api/v1/events`](events.zh-CN.md) 能接收的事件（NDJSON），就不需要列和映射，见[导出事件](../operating/export.zh-CN.md)。',
    '## 已知的导出文件\n\n文件含有某个导出的全部表头时，即识别为该导出。`--preset NAME` 指定其中一个，`--preset none` 关闭识别。',
    exportTable(['预设', '导出', '每行是', '表头', '时区'], chineseTitle, {
      events: '一条事件',
      orders: '一张订单',
      wide: '一张订单及其里程碑',
    }),
  )
}

function listed(names: readonly string[], separator = ', '): string {
  return names.map(code).join(separator)
}

function headerTable(head: readonly string[]): string {
  return table(
    head,
    Object.entries(headers).map(([name, known]) => [code(name), listed(known)]),
  )
}

function exportTable(
  head: readonly string[],
  titleOf: (title: string) => string,
  rowIs: Readonly<Record<'events' | 'orders' | 'wide', string>>,
): string {
  return table(
    head,
    knownExports.map(({ name, title, rows, headers: identifying, timezone = '' }) => [
      code(name),
      titleOf(title),
      rowIs[rows],
      listed(identifying),
      timezone,
    ]),
  )
}

/** Chinese programs have a Chinese title already. */
function chineseTitle(title: string): string {
  const text = /\p{Script=Han}/u.test(title) ? title : chineseExports[title]
  if (text === undefined) throw new Error(`add the Chinese title of "${title}" to chinese-texts.ts`)
  return text
}
