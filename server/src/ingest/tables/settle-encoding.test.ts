import { expect, test } from 'vitest'
import { encodeText } from './testing/encode-text.ts'
import { readTable } from './testing/read-table.ts'

const isTellingHeader = (header: string) => header === '주문번호' || header === '工程'

test('a header that is known settles a guess, and only a guess', async () => {
  const korean = encodeText('주문번호,x\n접,1\n', 'euc-kr')
  const encodingOf = async (bytes: Uint8Array, options = {}) => (await readTable(bytes, { isTellingHeader, ...options })).facts.encoding // prettier-ignore
  expect(await encodingOf(korean)).toEqual({ name: 'euc-kr', certainty: 'likely' })
  expect(await encodingOf(korean, { encoding: 'gb18030' })).toEqual({ name: 'gb18030', certainty: 'chosen' })
  expect(await encodingOf(Buffer.from('주문번호,x\n접,1\n'))).toEqual({ name: 'utf-8', certainty: 'valid' })
})

test('the header is looked for below the lines that a person says are before it', async () => {
  const before = Array.from({ length: 1_001 }, (_, i) => `note ${i},x,y\n`).join('')
  const text = `${before}order,stage\nA,pick\n`
  const { header, cells } = await readTable(text, { skipLines: 1_001 })
  expect([header, ...cells]).toEqual([
    ['order', 'stage'],
    ['A', 'pick'],
  ])
})

test('a header may stand below more text than is looked at for the delimiter', async () => {
  const long = `${'x'.repeat(300 * 1024)}\n`
  const { header } = await readTable(`${long}order,stage\nA,pick\n`, { skipLines: 1 })
  expect(header).toEqual(['order', 'stage'])
})

test('a table may have 200 columns', async () => {
  const names = Array.from({ length: 200 }, (_, i) => `c${i}`)
  expect((await readTable(`${names.join(',')}\n${names.map(() => '1').join(',')}\n`)).header).toEqual(names)
  await expect(readTable(`${names.join(',')},d\n`)).rejects.toThrow('the file has 201 columns; at most 200 are read')
})
