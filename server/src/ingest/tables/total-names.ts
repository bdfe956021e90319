/** Names of totals in the languages of common exports, in lower case and without accents. */
const names = [
  'total|totals|grand total|grand totals|sub total|subtotal|subtotals|sum|overall',
  'summe|summen|gesamt|gesamtsumme|gesamtergebnis|zwischensumme|ergebnis|endsumme|endbetrag',
  'total general|totaux|sous-total|sous total|somme|resultat general',
  'suma|suma total|totale|totale generale|subtotale|somma|total geral|soma|totaal|eindtotaal|subtotaal',
  'razem|lacznie|suma koncowa|ogolem|celkem|soucet|mezisoucet|spolu|sucet|osszesen|vegosszeg|reszosszeg',
  'summa|totalt|delsumma|delsum|yhteensa|valisumma|toplam|genel toplam|ara toplam|ukupno|skupaj',
  'итого|всего|общий итог|промежуточный итог|сумма|разом|усього',
  '合计|总计|小计|总和|共计|本页小计|本页合计|总合计|合計|總計|小計|總和|共計|総計|総合計|合計金額|합계|총계|소계|총합계',
].join('|')
const wholeName = new RegExp(`^(?:${names})\\s*[:：]?$`, 'u')
const withSubject = new RegExp(`^(?:${names})(?:\\s*[:：]|\\s)\\s*\\S|\\S\\s+(?:${names})\\s*[:：]?$`, 'u')

/** Whether a text is the name of a total: `Total`, `合计：`. */
export function isTotal(text: string): boolean {
  return mayBeTotal(text) && wholeName.test(plainName(text))
}

/** Whether a text names a total, also that of something: `Summe ACME`, `ACME Total`. */
export function namesTotal(text: string): boolean {
  if (!mayBeTotal(text)) return false
  const name = plainName(text)
  return wholeName.test(name) || withSubject.test(name)
}

const maxLength = 80

/** No name of a total has digits, so a single word of letters and digits is none: most order numbers are such words. */
const word = /^(?=[!-9;-~]*\d)[!-9;-~]*$/

function mayBeTotal(text: string): boolean {
  return text.length <= maxLength && !word.test(text) && /\p{L}{2}/u.test(text)
}

function plainName(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .replace(/[łŁ]/g, 'l')
    .replace(/^[*\s∑Σ]+|[*\s]+$/gu, '')
    .toLowerCase()
}
