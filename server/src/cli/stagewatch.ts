#!/usr/bin/env node
import { runCommand } from './run-command.ts'

// What a command leaves behind is for its owner only.
process.umask(0o077)

const stop = new AbortController()
// The second Ctrl-C is not waited for: the handler is gone by then.
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())

process.exitCode = await runCommand(process.argv.slice(2), {
  print: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
  interactive: process.stderr.isTTY,
  stopped: stop.signal,
})
