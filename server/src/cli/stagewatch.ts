#!/usr/bin/env node
import { runCommand } from './run-command.ts'

// Files created by a command are accessible to their owner only.
process.umask(0o077)

const stop = new AbortController()
// The handler only runs once, so a second Ctrl-C terminates the process immediately.
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())

// A program such as `head` closes the output when it has read enough; the command ends as usual.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await runCommand(process.argv.slice(2), {
  print: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
  interactive: process.stderr.isTTY,
  stopped: stop.signal,
})
