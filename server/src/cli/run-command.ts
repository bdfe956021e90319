import { DataDirectoryInUseError } from '@stagewatch/db/data-directory-lock.ts'
import { UnusableDatabaseError } from '@stagewatch/db/unusable-database.ts'
import { AppError } from '../platform/app-error.ts'
import { databaseRefusal } from '../platform/database-refusal.ts'
import { EnvironmentError } from '../platform/environment.ts'
import { calendarCommand } from './calendar.ts'
import type { Command, ExitCode, Terminal } from './command.ts'
import { exitCode, UsageError } from './command.ts'
import { configCommand } from './config.ts'
import { doctorCommand } from './doctor.ts'
import { importCommand } from './import.ts'
import { keyCommand } from './key.ts'
import { migrateCommand } from './migrate.ts'
import { processCommand } from './process.ts'
import { rebuildCommand } from './rebuild.ts'
import { replayCommand } from './replay.ts'
import { quarantineCommand } from './quarantine.ts'
import { siteCommand } from './site.ts'
import { userCommand } from './user.ts'

const commands: readonly Command[] = [
  importCommand,
  replayCommand,
  siteCommand,
  quarantineCommand,
  keyCommand,
  userCommand,
  processCommand,
  calendarCommand,
  configCommand,
  migrateCommand,
  rebuildCommand,
  doctorCommand,
]

/** Carries out a command line, without the program's name. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args
  const command = commands.find((known) => known.name === name)
  if (command === undefined) {
    if (name === '--help' || name === '-h' || name === 'help') {
      terminal.print(overview())
      return exitCode.done
    }
    terminal.note(name === undefined ? overview() : `unknown command ${name}\n\n${overview()}`)
    return exitCode.usage
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.print(usage(command))
    return exitCode.done
  }
  try {
    return await command.run(rest, terminal)
  } catch (error) {
    if (error instanceof UsageError || isParseError(error)) {
      terminal.note(
        `${wordsOf(error, command)}\n\n${usage(command).split('\n', 1)[0]}\nstagewatch ${command.name} --help tells more.`,
      )
      return exitCode.usage
    }
    // The command has a database of its own, which may not answer in time like that of a server.
    const refusal = databaseRefusal(error)
    if (!isRefusal(refusal)) throw error
    terminal.note(`refused: ${refusal.message}${refusal === error ? '' : ': try again'}`)
    return exitCode.problems
  }
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`)
  return ['usage: stagewatch COMMAND [OPTIONS]', '', ...lines, '', 'stagewatch COMMAND --help tells more.'].join('\n')
}

function usage({ name, help }: Command): string {
  return `usage: stagewatch ${name} ${help}`.trimEnd()
}

/** What is wrong with the words of a command; of an option that it does not know, which one may be meant. */
function wordsOf(error: Error, command: Command): string {
  const [, option] = /^Unknown option '(--[^' ]+)/.exec(error.message) ?? []
  if (option === undefined) return error.message
  const known = optionsOf(command)
  const near = known.find((one) => isNear(one, option))
  if (near !== undefined) return `unknown option ${option}: did you mean ${near}?`
  const other = commands.find((one) => optionsOf(one).includes(option))
  if (other !== undefined) return `unknown option ${option}: it belongs to stagewatch ${other.name}`
  return `unknown option ${option}`
}

/** Those of its help. */
function optionsOf({ help }: Command): string[] {
  return [...new Set(help.match(/--[a-z][a-z-]*/g) ?? [])]
}

/** Whether one letter is missing, too much, wrong or in the place of its neighbour. */
function isNear(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  if (long.length - short.length > 1) return false
  let begin = 0
  while (begin < short.length && short[begin] === long[begin]) begin += 1
  const [shortRest, longRest] = [short.slice(begin), long.slice(begin)]
  if (short.length !== long.length) return shortRest === longRest.slice(1)
  if (shortRest.slice(1) === longRest.slice(1)) return true
  return (
    shortRest.slice(0, 2) === longRest.slice(0, 2).split('').toReversed().join('') &&
    shortRest.slice(2) === longRest.slice(2)
  )
}

function isRefusal(error: unknown): error is Error {
  return (
    error instanceof AppError ||
    error instanceof EnvironmentError ||
    error instanceof DataDirectoryInUseError ||
    error instanceof UnusableDatabaseError
  )
}

/** An option that the command does not know, or that lacks its value, as `parseArgs` reports it. */
function isParseError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')
}
