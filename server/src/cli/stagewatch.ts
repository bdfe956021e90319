#!/usr/bin/env node
import { runCommand } from './run-command.ts'

// Files created by a command are accessible to their owner only.
process.umask(0o077)

const stop = new AbortController()
// The handler only runs once, so a second Ctrl-C terminates the process immediately.
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())

process.exitCode = await runCommand(process.argv.slice(2), {
  print: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
  interactive: process.stderr.isTTY,
  stopped: stop.signal,
})
