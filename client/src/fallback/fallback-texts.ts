import type { Language } from '../text/language.ts'
import { en } from '../text/en.ts'
import { zhCn } from '../text/zh-cn.ts'

/** The few words of the page; it has no library that could look them up. */
export function fallbackTexts(language: Language) {
  const { kpi, freshness, fallback, unit } = language === 'zh' ? zhCn : en
  return { ...kpi, ...fallback, unit, none: freshness.none }
}

export type FallbackTexts = ReturnType<typeof fallbackTexts>
