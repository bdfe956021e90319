import 'i18next'
import type { Texts } from './texts.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    // A page has only the texts that it loads: those of the desk are not there on the wall.
    resources: { translation: Texts }
  }
}
