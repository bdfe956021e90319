import 'i18next'
import type { Texts } from './texts.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    // A page has only the texts that it loads: the desk's texts are missing on the wall.
    resources: { translation: Texts }
  }
}
