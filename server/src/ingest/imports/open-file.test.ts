import { expect, test } from 'vitest'
import { writtenFile } from '../files/testing/written-file.ts'
import { fileOptionsOf } from './file-options.ts'
import { openFile } from './open-file.ts'

const opened = async (text: string) => openFile(fileOptionsOf(writtenFile(text), {}))

test.for([
  ['order_id^stage^timestamp\nA^placed^2024-03-05 10:00\n', "with --delimiter '^'"],
  ['单号，状态，时间\nA，已下单，2024/3/5 10:00\n', "with --delimiter '，'"],
  ['order_id stage timestamp\nA placed 2024-03-05T10:00\n', "with --delimiter ' '"],
  ['order_id  stage     timestamp\nA         placed    2024-03-05 10:00\n', 'columns of a fixed width are not read'],
] as const)('a table of one column is refused with what may part its cells: %j', async ([text, hint]) => {
  await expect(opened(text)).rejects.toMatchObject({ code: 'missing_field', message: expect.stringContaining(hint) })
})

test('a table that has only the begin of stages is refused with how to read it', async () => {
  const hint = 'it is --column time=3 --as entered'
  await expect(opened('case,activity,start\nA,placed,2024-03-05 10:00\n')).rejects.toThrow(hint)
})

test('what parts the cells can be said', async () => {
  const mapping = { delimiter: '，', timezone: 'UTC' }
  const { file } = await openFile(fileOptionsOf(writtenFile('单号，状态，时间\nA，已下单，2024/3/5 10:00\n'), mapping))
  expect(file.header).toEqual(['单号', '状态', '时间'])
  await file.close()
})
