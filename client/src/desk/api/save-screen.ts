import type { ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { askServer, noAnswer } from './ask-server.ts'

export function saveScreen(
  site: string,
  id: string,
  body: { readonly name: string; readonly settings: ScreenSettings },
): Promise<unknown> {
  return askServer({ path: `/api/v1/screens/${encodeURIComponent(id)}`, method: 'PUT', body, answer: noAnswer, site })
}
