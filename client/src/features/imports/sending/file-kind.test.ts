import { expect, it } from 'vitest'
import { refusalOf } from './file-kind.ts'

const mib = 1024 * 1024

function file(content: string | Uint8Array<ArrayBuffer>, name = 'orders.csv'): File {
  return new File([content], name)
}

it.each([
  ['a table', [file('order,stage,time\n')], undefined],
  ['a workbook or archive', [file('PK\u0003\u0004')], undefined],
  ['a file that is packed with gzip', [file(Uint8Array.of(0x1f, 0x8b, 8, 0))], undefined],
  ['a file of one byte', [file('x')], undefined],
  ['nothing', [], 'several'],
  ['two files', [file('a'), file('b')], 'several'],
  ['an empty file', [file('')], 'empty'],
  ['a file above the limit', [file('x'.repeat(mib + 1))], 'tooLarge'],
  ['a PDF that is called a table', [file('%PDF-1.7')], 'pdf'],
  ['an old workbook', [file(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1), 'orders.xls')], 'oldExcel'],
  ['a picture', [file(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), 'orders.jpg')], 'image'],
  ['Parquet', [file('PAR1')], 'parquet'],
  ['Zstandard', [file(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd))], 'packed'],
] as const)('%s is told at once', async (_, files, refusal) => {
  expect(await refusalOf(files, mib)).toBe(refusal)
})

it('a folder and a file that is not there any more are no files to send', async () => {
  const unreadable = (name: string) =>
    Object.assign(file('x', name), {
      slice: () => Object.assign(new Blob(), { arrayBuffer: () => Promise.reject(new Error('NotFoundError')) }),
    })
  expect(await refusalOf([unreadable('exports')], mib)).toBe('folder')
  expect(await refusalOf([unreadable('orders.csv')], mib)).toBe('unreadable')
})
