import { DataDirectoryInUseError } from '@stagewatch/db/data-directory-lock.ts'
import { productVersion } from '@stagewatch/db/product-version.ts'
import { UnusableDatabaseError } from '@stagewatch/db/unusable-database.ts'
import { AppError } from '../platform/app-error.ts'
import { launcherCommands } from '../platform/command-names.ts'
import { databaseRefusal } from '../platform/database-refusal.ts'
import { EnvironmentError } from '../platform/environment.ts'
import type { Command, ExitCode, Terminal } from './command.ts'
import { exitCode, UsageError } from './command.ts'

/** Commands are loaded when called, because most need modules that the others do not. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  import: async () => (await import('./import.ts')).importCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  replay: async () => (await import('./replay.ts')).replayCommand,
  site: async () => (await import('./site.ts')).siteCommand,
  quarantine: async () => (await import('./quarantine.ts')).quarantineCommand,
  key: async () => (await import('./key.ts')).keyCommand,
  user: async () => (await import('./user.ts')).userCommand,
  process: async () => (await import('./process.ts')).processCommand,
  calendar: async () => (await import('./calendar.ts')).calendarCommand,
  config: async () => (await import('./config.ts')).configCommand,
  migrate: async () => (await import('./migrate.ts')).migrateCommand,
  backup: async () => (await import('./backup.ts')).backupCommand,
  restore: async () => (await import('./restore.ts')).restoreCommand,
  move: async () => (await import('./move.ts')).moveCommand,
  audit: async () => (await import('./audit.ts')).auditCommand,
  archive: async () => (await import('./archive.ts')).archiveCommand,
  rebuild: async () => (await import('./rebuild.ts')).rebuildCommand,
  secrets: async () => (await import('./secrets.ts')).secretsCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
}

/** Runs a command line, given without the program's name. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args
  const load = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name]
  if (name === '--version' || name === '-v') {
    terminal.print(productVersion)
    return exitCode.done
  }
  if (load === undefined) {
    const overview = overviewOf(await allCommands())
    if (name === '--help' || name === '-h' || name === 'help') {
      terminal.print(overview)
      return exitCode.done
    }
    terminal.note(name === undefined ? overview : `unknown command ${name}\n\n${overview}`)
    return exitCode.usage
  }
  const command = await load()
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.print(usage(command))
    return exitCode.done
  }
  try {
    return await command.run(rest, terminal)
  } catch (error) {
    if (error instanceof UsageError || isParseError(error)) {
      terminal.note(
        `${await wordsOf(error, command)}\n\n${usage(command).split('\n', 1)[0]}\nstagewatch ${command.name} --help tells more.`,
      )
      return exitCode.usage
    }
    if (terminal.stopped.aborted && isAbortError(error)) {
      terminal.note('stopped before the end')
      return exitCode.problems
    }
    // The command has its own database connection, which may time out like that of a server.
    const refusal = databaseRefusal(error)
    if (!isRefusal(refusal)) throw error
    terminal.note(`refused: ${refusal.message}${refusal === error ? '' : ': try again'}`)
    return exitCode.problems
  }
}

function allCommands(): Promise<readonly Command[]> {
  return Promise.all(Object.values(commands).map((load) => load()))
}

function overviewOf(all: readonly Command[]): string {
  const listed = [...launcherCommands, ...all]
  const width = Math.max(...listed.map(({ name }) => name.length)) + 2
  const lines = listed.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`)
  const more = ['stagewatch COMMAND --help tells more, stagewatch --version prints the version.']
  return ['usage: stagewatch COMMAND [OPTIONS]', '', ...lines, '', ...more].join('\n')
}

function usage({ name, help }: Command): string {
  return `usage: stagewatch ${name} ${help}`.trimEnd()
}

/** Message for invalid arguments; suggests a similar option if one is unknown. */
async function wordsOf(error: Error, command: Command): Promise<string> {
  const [, option] = /^Unknown option '(--[^' ]+)/.exec(error.message) ?? []
  if (option === undefined) return error.message
  const known = optionsOf(command)
  const near = known.find((one) => isNear(one, option))
  if (near !== undefined) return `unknown option ${option}: did you mean ${near}?`
  const other = (await allCommands()).find((one) => optionsOf(one).includes(option))
  if (other !== undefined) return `unknown option ${option}: it belongs to stagewatch ${other.name}`
  return `unknown option ${option}`
}

/** The options listed in the command's help. */
function optionsOf({ help }: Command): string[] {
  return [...new Set(help.match(/--[a-z][a-z-]*/g) ?? [])]
}

/** Whether two texts differ by one missing, extra, wrong or swapped letter. */
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

function isAbortError(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || ('code' in error && error.code === 'ABORT_ERR'))
}

/** An unknown option or one without its value, as reported by `parseArgs`. */
function isParseError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')
}
