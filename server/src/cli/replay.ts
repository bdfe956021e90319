import type { Command } from './command.ts'
import { exitCode } from './command.ts'
import { httpLocalAdmin } from './local-admin.ts'
import { mappingHelp } from './mapping-options.ts'
import { readReplayOptions } from './replay-options.ts'
import { replayRows } from './replay-pace.ts'
import { loadReplayRows } from './replay-rows.ts'
import { rejectionLines, RowTally } from '../ingest/imports/row-tally.ts'
import { requestSender } from './send-events.ts'

export const replayCommand: Command = {
  name: 'replay',
  summary: 'send the events of a CSV file to a server at the pace at which they happened',
  help: `FILE --speed N [OPTIONS]

  --speed N             how many times faster than recorded
  --shift-to-now        the first event happens now and the others after it, N times closer
                        together, so that orders move on the wall; else times stay as recorded
  --url URL             the server (default: http://127.0.0.1:4000)
  --key KEY             an API key with the scope ingest
${mappingHelp}
  --json                print the result as JSON, and nothing else

Examples:
  stagewatch replay events.csv --speed 1 --key KEY
  stagewatch replay old-log.csv --speed 600 --shift-to-now --key KEY`,
  async run(args, terminal) {
    const options = await readReplayOptions(args)
    const tally = new RowTally()
    const rows = await loadReplayRows(options, tally, terminal)
    const { send } = requestSender(
      httpLocalAdmin(options.url, options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
      terminal,
      'on',
    )
    await replayRows(rows, options, { send, tally, terminal })
    for (const line of rejectionLines(tally.rejections())) terminal.note(line)
    if (terminal.stopped.aborted) terminal.note('stopped before the end of the file')
    const summary = tally.summary()
    const { accepted, duplicate, rejected } = summary
    if (options.json) terminal.print(JSON.stringify(summary))
    else terminal.print(`accepted ${accepted}, duplicate ${duplicate}, rejected ${rejected}`)
    return terminal.stopped.aborted || rejected > 0 ? exitCode.problems : exitCode.done
  },
}
