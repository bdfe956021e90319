import 'i18next'
import type { deskEn } from './desk-en.ts'
import type { en } from './en.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    // Words of the desk are there on its own pages only.
    resources: { translation: typeof en & { desk: typeof deskEn } }
  }
}
