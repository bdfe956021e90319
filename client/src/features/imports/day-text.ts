import { locales, type Language } from '@stagewatch/shared/domain/locales.ts'

/** `3 Jan 2026`, `2026年1月3日`, in the zone of the reader. */
export function dayText(at: number, language: Language): string {
  return new Date(at).toLocaleDateString(locales[language].formatTag, { dateStyle: 'medium' })
}
