import { askServer, noAnswer } from './ask-server.ts'

/** Shows its name in large letters for a moment, or loads its page again. */
export function tellScreen(site: string, id: string, what: 'identify' | 'reload'): Promise<unknown> {
  return askServer({
    path: `/api/v1/screens/${encodeURIComponent(id)}/${what}`,
    method: 'POST',
    answer: noAnswer,
    site,
  })
}
