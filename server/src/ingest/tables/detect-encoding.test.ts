import { isTellingHeader } from '../files/known-headers.ts'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodeText } from './testing/encode-text.ts'
import { readTable } from './testing/read-table.ts'

const chinese = '订单号,环节,客户\n甲-1,包装,上海某某电子有限公司\n甲-2,发货,广州贸易公司\n'
const traditional = '訂單號,環節,客戶\n甲-1,包裝,台北某某電子有限公司\n甲-2,出貨,高雄貿易公司\n'
const japanese = '注文番号,工程,顧客\nA-1,ピッキング,東京の電子部品株式会社\nA-2,出荷しました,大阪商事\n'
const korean = '주문번호,공정,고객\nA-1,접수,한국전자부품주식회사\nA-2,출하완료,서울무역\n'
const german = 'order_id,stage,customer\nA-1,Prüfung,Jürgen Groß\nA-2,Übergabe,Möbel „Süd“ – Köln\n'
const french = 'order_id,stage,customer\nA-1,préparation,Société générale\nA-2,expédié,À l’été français\n'

test.for([
  ['utf-8', chinese],
  ['utf-16le', chinese],
  ['utf-16be', japanese],
  ['gb18030', chinese],
  ['big5', traditional],
  ['shift_jis', japanese],
  ['euc-jp', japanese],
  ['euc-kr', korean],
  ['windows-1252', german],
  ['windows-1252', french],
  ['windows-1252', 'order_id,stage,customer\nA-1,Expedição,João\nA-2,Recepção,Conceição\n'],
  ['windows-1252', 'order_id,stage,customer\nA-1,Prüfung,José Müller\nA-2,Größe,Søren Ångström und François\n'],
  ['windows-1252', 'order_id,stage,customer\nA-1,Móttaka,Þór\nA-2,Í vinnslu,Guðrún\n'],
  ['windows-1252', 'order_id,stage,customer\nA-1,Contrôle,L’Oréal\nA-2,Règlement,Expédiée\n'],
  ['windows-1250', 'order_id,stage\nA-1,Wysyłka\nA-2,Wysyłka\n'],
  ['windows-1250', 'order_id,stage\nA-1,Księgowość\nA-2,Zakończone\n'],
  ['windows-1250', 'order_id,stage\nA-1,Přijato\nA-2,Vyřízeno\nA-3,Kontrola výroby a příjem zboží\n'],
  ['windows-1250', 'order_id,stage\nA-1,Előkészítés\nA-2,Gyűjtés\n'],
  ['iso-8859-2', 'order_id,stage\nA-1,Wysyłka\nA-2,Księgowość\n'],
  ['windows-1251', 'order_id,stage\nA-1,Упаковка\nA-2,Отгрузка\nA-3,Проверка качества\n'],
  ['windows-1254', 'order_id,stage\nA-1,Hazırlık\nA-2,Çıkış\nA-3,değişti\n'],
  ['windows-1253', 'order_id,stage\nA-1,Συσκευασία\nA-2,Αποστολή\n'],
  ['macintosh', 'order_id,stage\nA-1,Préparée\nA-2,Expédiée\n'],
] as const)('%s is found without a byte order mark', async ([encoding, text]) => {
  const bytes = encodeText(text, encoding)
  const { facts, header, cells, remarks } = await readTable(bytes)
  expect([header, ...cells]).toEqual(
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(',')),
  )
  expect(facts.encoding).toEqual({ name: encoding, certainty: encoding === 'utf-8' ? 'valid' : 'likely' })
  expect(remarks).toEqual([])
})

test.for(['utf-8', 'utf-16le', 'utf-16be'] as const)('%s is read by its byte order mark', async (encoding) => {
  const { header, facts } = await readTable(encodeText(`\uFEFF${chinese}`, encoding))
  expect(header).toEqual(['订单号', '环节', '客户'])
  expect(facts.encoding?.certainty).toBe(encoding === 'utf-8' ? 'valid' : 'marked')
})

test('the encoding shows anywhere in the file, gzipped too', async () => {
  const ascii = Array.from({ length: 20_000 }, (_, i) => `SO-${i},pick,ACME\n`).join('')
  const bytes = Buffer.concat([
    Buffer.from(`order,stage,customer\n${ascii}`),
    encodeText('SO-1,复核,某某公司\n', 'gb18030'),
  ])
  const { cells, facts } = await readTable(gzipSync(bytes))
  expect(facts).toMatchObject({ compression: 'gzip', encoding: { name: 'gb18030' } })
  expect(cells.at(-1)).toEqual(['SO-1', '复核', '某某公司'])
})

test('a gzip of many pieces is read again and again', async () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => [`SO-${i}`, String((i * 7919) % 1_000_003)])
  const { cells } = await readTable(gzipSync(`order,number\n${rows.map((row) => row.join(',')).join('\n')}\n`))
  expect(cells).toEqual(rows)
})

test('characters are cut in two by the pieces that a file is read in', async () => {
  const text = `a,b\n${'订单,甲乙丙丁\n'.repeat(40_000)}`
  for (const shift of ['', 'x', 'xx']) {
    const { cells, facts } = await readTable(`${shift}${text}`)
    expect(facts.encoding?.certainty).toBe('valid')
    expect(cells.every(([order, stage]) => order === '订单' && stage === '甲乙丙丁')).toBe(true)
  }
})

test('an encoding that nothing speaks for is a remark, and a person can choose another', async () => {
  const arabic = encodeText('طلب,مرحلة\n1,تعبئة\n2,شحن\n', 'windows-1256')
  const { remarks, facts } = await readTable(arabic)
  expect(facts.encoding?.certainty).toBe('doubtful')
  expect(remarks[0]).toMatchObject({ code: 'encoding_doubtful' })
  const chosen = await readTable(arabic, { encoding: 'windows-1256' })
  expect(chosen.header).toEqual(['طلب', 'مرحلة'])
  expect(chosen).toMatchObject({ facts: { encoding: { certainty: 'chosen' } }, remarks: [] })
  await expect(readTable(arabic, { encoding: 'utf-9' })).rejects.toThrow('no encoding is called utf-9')
})

test.for([
  ['cp437', Buffer.from('order,stage\nA,pr\u0081fung\nB,L\u0081bben\nC,ge\u0084ndert\nD,M\u0081hle\n', 'latin1')],
  ['a little Korean', encodeText('order,stage\nA,접수\nB,포장\nC,출하\n', 'euc-kr')],
  ['German of DOS', Buffer.from('order_id;stage\nA;Qualit\u0084t\nB;Abschlie\u0084en\n', 'latin1')],
  ['a Chinese word that may be Polish', encodeText('order,stage\nA,出貨\nB,出貨\nC,出貨\nD,出貨\n', 'big5')],
  ['a letter of two languages', encodeText('order,stage\nA,Přijato\nB,Přijato\n', 'windows-1250')],
  ['Russian that may be Chinese', encodeText('order,stage\nA,Упаковка\nB,Отгрузка\nC,Проверка\n', 'koi8-r')],
  [
    'a file of two parts',
    Buffer.concat([Buffer.from('order,stage\nA,Prüfung\n'), encodeText('B,Prüfung\n', 'windows-1252')]),
  ],
] as const)('%s is read with doubt, never as a matter of course', async ([, bytes]) => {
  const { facts, remarks } = await readTable(bytes)
  expect(facts.encoding?.certainty).toBe('doubtful')
  expect(remarks[0]).toMatchObject({ code: 'encoding_doubtful' })
})

test.for([
  [
    'rare characters',
    'gb18030',
    '订单号,环节,时间,客户\nA-1,鑫淼焱垚犇骉,2026-01-05,璐璐\nA-2,镕镓铱锶,2026-01-06,鑫鑫\n',
  ],
  ['traditional characters', 'gb18030', '訂單編號,環節,時間\n喆,A-1,2026-01-05\n'],
  ['a little Korean', 'euc-kr', '주문번호,공정,시간\nA,접,2026\n'],
  ['headers of two characters', 'euc-jp', 'order,工程,日時\nA,x,2026\n'],
  ['what looks like Chinese', 'euc-jp', '注文番号,工程,日時\nA,x,2026\n'],
] as const)('a known header settles the encoding of %s', async ([, encoding, text]) => {
  const bytes = encodeText(text, encoding)
  const header = text.split('\n')[0]?.split(',')
  // Otherwise this test shows nothing.
  const alone = await readTable(bytes)
  expect({ header: alone.header, ...alone.facts.encoding }).not.toEqual({ header, name: encoding, certainty: 'likely' })
  const told = await readTable(bytes, { isTellingHeader })
  expect(told.header).toEqual(header)
  expect(told.facts.encoding).toEqual({ name: encoding, certainty: 'likely' })
  expect(told.remarks).toEqual([])
})

test.for([
  ['another language', encodeText('طلب,مرحلة\n1,تعبئة\n2,شحن\n', 'windows-1256')],
  ['headers in ASCII', encodeText('order,stage\nA,접수\nB,포장\nC,출하\n', 'euc-kr')],
  [
    'a file of two parts',
    Buffer.concat([Buffer.from('Währung,stage\nA,Prüfung\n'), encodeText('B,Prüfung\n', 'windows-1252')]),
  ],
] as const)('%s leaves the doubt', async ([, bytes]) => {
  expect((await readTable(bytes, { isTellingHeader })).facts.encoding?.certainty).toBe('doubtful')
})

test('bytes that are damaged are counted with their lines', async () => {
  const bytes = Buffer.concat([
    Buffer.from('a,b\n订单,环节\n甲'),
    Buffer.of(0xff, 0xfe),
    Buffer.from(',乙\n包装,发货\n'),
  ])
  const { facts, remarks } = await readTable(bytes)
  expect(facts.encoding?.name).toBe('utf-8')
  expect(remarks).toMatchObject([{ code: 'damaged_text', count: 2, lines: [3] }])
})
