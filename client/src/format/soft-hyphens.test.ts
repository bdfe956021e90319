import { expect, it } from 'vitest'
import { softHyphens } from './soft-hyphens.ts'

it.for([
  ['Auftragsbestätigung', 'Auf-trags-be-stä-ti-gung'],
  ['Qualitätssicherung', 'Qua-li-täts-si-che-rung'],
  ['Oberflächenbehandlung', 'Ober-flä-chen-be-hand-lung'],
  ['Rechnungsstellung', 'Rech-nungs-stel-lung'],
  ['Endmontage', 'End-mon-tage'],
  ['Manufacturing', 'Manu-fac-tu-ring'],
])('%s may be divided as %s', ([word = '', parts]) => {
  expect(softHyphens(word).replaceAll('\u00ad', '-')).toBe(parts)
})

it('short words, numbers and other scripts stay whole', () => {
  for (const text of ['Packing', 'SO-2026-0041-EXPRESS', '质检', 'Quality check']) expect(softHyphens(text)).toBe(text)
})
