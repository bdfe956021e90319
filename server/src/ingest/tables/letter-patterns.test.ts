import { describe, expect, test } from 'vitest'
import type { FoundEncoding } from './byte-patterns.ts'
import { LetterPatterns } from './letter-patterns.ts'
import { encodeText } from './testing/encode-text.ts'

const chinese: FoundEncoding = { name: 'gb18030', certainty: 'likely' }
const doubtful: FoundEncoding = { name: 'gb18030', certainty: 'doubtful', alternative: 'big5' }
const western: FoundEncoding = { name: 'windows-1252', certainty: 'likely' }

/** What the letters of a text say, after its bytes said `found`. */
function settled(text: string, encoding: string, found: FoundEncoding): FoundEncoding {
  const letters = new LetterPatterns()
  letters.add(encodeText(text, encoding))
  return letters.settle(found)
}

const words = {
  german: 'Prüfung Übergabe Größe für zurück Lösung geändert',
  polish: 'Wysyłka Księgowość Zakończone Pakowanie część źródło',
  czech: 'Přijato Vyřízeno Kontrola výroby a příjem zboží',
  turkish: 'Hazırlık Çıkış değişti sipariş gönderildi',
  russian: 'Упаковка Отгрузка Проверка качества заказа',
  ukrainian: 'Пакування Відвантаження Перевірка якості замовлення їжа',
  greek: 'Συσκευασία Αποστολή Παραλαβή',
  french: 'préparée expédiée contrôlée reçue',
  lithuanian: 'išsiųsta užsakymas patvirtinta gauta į sandėlį ėmė',
} as const

describe('letters in words of Latin ones', () => {
  test.for([
    ['german', 'windows-1252'],
    ['polish', 'windows-1250'],
    ['polish', 'iso-8859-2'],
    ['czech', 'windows-1250'],
    ['turkish', 'windows-1254'],
    ['french', 'windows-1252'],
    ['french', 'macintosh'],
    ['lithuanian', 'windows-1257'],
  ] as const)('of %s words decide for %s, whatever the bytes alone are', ([language, encoding]) => {
    const likely = { name: encoding, certainty: 'likely' }
    expect(settled(words[language], encoding, western)).toEqual(likely)
    expect(settled(words[language], encoding, doubtful)).toEqual(likely)
  })

  test('are in doubt if they may be letters of another language', () => {
    expect(settled('Přijato', 'windows-1250', western)).toMatchObject({ certainty: 'doubtful' })
    const { name, certainty, alternative } = settled('zurück', 'windows-1252', western)
    expect([name, certainty, alternative]).toEqual(['windows-1252', 'likely', undefined])
  })

  test('that no language has are in doubt', () => {
    expect(settled('a\u00A4b\u00A6c', 'windows-1252', western)).toMatchObject({ certainty: 'doubtful' })
  })

  test('may be wide characters if there are as many of them', () => {
    // Two letters that ASCII lacks to two that it has, as 出貨 is ĄXłf.
    const wide = encodeText('A,出貨\nB,出貨\nC,出貨\n', 'big5')
    const letters = new LetterPatterns()
    letters.add(wide)
    const found = letters.settle({ name: 'big5', certainty: 'likely' })
    expect(found).toMatchObject({ certainty: 'doubtful', alternative: 'big5' })
  })
})

describe('words of other letters alone', () => {
  test.for([
    ['russian', 'windows-1251'],
    ['russian', 'koi8-r'],
    ['russian', 'ibm866'],
    ['ukrainian', 'windows-1251'],
    ['greek', 'windows-1253'],
  ] as const)('of %s decide for %s in doubt', ([language, encoding]) => {
    expect(settled(words[language], encoding, doubtful)).toEqual({ name: encoding, certainty: 'likely' })
  })

  test('raise a doubt about what the bytes are likely to be', () => {
    expect(settled(words.russian, 'windows-1251', chinese)).toEqual({
      name: 'gb18030',
      certainty: 'doubtful',
      alternative: 'windows-1251',
    })
  })

  test('have twelve letters at least', () => {
    const of = (count: number) => settled('проверкакачества'.slice(0, count), 'windows-1251', doubtful)
    expect(of(11)).toBe(doubtful)
    expect(of(12)).not.toBe(doubtful)
  })

  test('say nothing if they are Chinese', () => {
    const text = '订单号环节客户上海某某电子有限公司发货广州贸易公司'
    expect(settled(text, 'gb18030', chinese)).toBe(chinese)
  })

  test('say nothing if capital letters stand within them', () => {
    expect(settled('пРоВеРкА кАчЕсТвА зАкАзА', 'windows-1251', doubtful)).toBe(doubtful)
    expect(settled('ПРОВЕРКА КАЧЕСТВА ЗАКАЗА', 'windows-1251', doubtful)).not.toBe(doubtful)
  })
})

test('a text in ASCII, and one that is UTF-8 in parts, keep what was found', () => {
  expect(settled('order stage', 'windows-1252', chinese)).toBe(chinese)
  const mixed: FoundEncoding = { name: 'windows-1252', certainty: 'doubtful', alternative: 'utf-8' }
  expect(settled(words.polish, 'windows-1250', mixed)).toBe(mixed)
  const utf8: FoundEncoding = { name: 'utf-8', certainty: 'likely' }
  expect(settled(words.polish, 'windows-1250', utf8)).toBe(utf8)
})

test('only words with letters that ASCII lacks count', () => {
  const letters = new LetterPatterns()
  // Thousands of plain letters beside the Russian words.
  letters.add(Buffer.from('order stage customer '.repeat(1_000)))
  letters.add(encodeText(words.russian, 'windows-1251'))
  letters.add(Buffer.from(' order stage customer'.repeat(1_000)))
  expect(letters.settle(doubtful)).toEqual({ name: 'windows-1251', certainty: 'likely' })
})

test('a text may be cut into pieces', () => {
  const bytes = encodeText(words.polish.repeat(3), 'windows-1250')
  for (const size of [7, 50]) {
    const letters = new LetterPatterns()
    for (let i = 0; i < bytes.length; i += size) letters.add(bytes.subarray(i, i + size))
    expect([size, letters.settle(western)]).toEqual([size, { name: 'windows-1250', certainty: 'likely' }])
  }
})
