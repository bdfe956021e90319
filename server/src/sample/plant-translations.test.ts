import { translations } from '@stagewatch/shared/contract/names.ts'
import { expect, test } from 'vitest'
import { dayMs } from './plant-time.ts'
import { withPlantTranslations } from './plant-translations.ts'
import { plantHistory } from './testing/plant-history.ts'

const plant = { seed: 'names', startAt: Date.UTC(2026, 4, 10, 6, 26) }

test('every customer, product, person, department and reason of the sample has an English name', () => {
  const names = translations.parse(withPlantTranslations({}))
  const texts = new Set<unknown>()
  for (const { event } of plantHistory(plant, plant.startAt + 60 * dayMs)) {
    const { customer, product, department, reason, text: note } = event.data
    for (const text of [event.actor, customer, product, department, reason, note]) texts.add(text)
  }
  texts.delete(undefined)
  expect(texts.size).toBeGreaterThan(120)
  const missing = [...texts].filter((text) => !/^[ -~]*$/.test(String(text)) && names[String(text)] === undefined)
  expect(missing).toEqual([])
  expect(Object.values(names).filter(({ en = '' }) => en === '' || /\p{Script=Han}/u.test(en))).toEqual([])
})

test('what somebody has translated otherwise stays', () => {
  const names = withPlantTranslations({ 销售部: { zh: '销售部', en: 'Sales office' }, 门市: { en: 'Shop' } })
  expect(names['销售部']).toEqual({ zh: '销售部', en: 'Sales office' })
  expect(names['门市']).toEqual({ en: 'Shop' })
  expect(names['采购部']).toEqual({ zh: '采购部', en: 'Purchasing' })
})
