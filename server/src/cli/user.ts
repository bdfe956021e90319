import { parseArgs } from 'node:util'
import type { InvitationCreated, PeopleList, ResetLink } from '@stagewatch/shared/contract/people.ts'
import { roles, type Role } from '@stagewatch/shared/domain/access/action.ts'
import { AppError } from '../platform/app-error.ts'
import { withServer } from './call-server-api.ts'
import type { AskServer } from './call-server-api.ts'
import type { Command, Terminal } from './command.ts'
import { exitCode, siteHelp, siteOptions, UsageError } from './command.ts'

export const userCommand: Command = {
  name: 'user',
  summary: 'list and invite people, remove members, disable accounts, create password reset links',
  help: `list
       stagewatch user invite --email ADDRESS --role ROLE [--departments NAME[,NAME]]
       stagewatch user remove --email ADDRESS
       stagewatch user reset-link --email ADDRESS
       stagewatch user end-sessions --email ADDRESS
       stagewatch user disable --email ADDRESS
       stagewatch user enable --email ADDRESS

  list                  who belongs to the site, and who is invited
  invite                make an invitation, send it when there is a mail server, print its link
  remove                end what the person may do at the site
  reset-link            print a link with which the person chooses a new password within the hour
  end-sessions          sign the person out everywhere
  disable               sign the person out, and let nobody sign in to the account
  enable                take that back

  --email ADDRESS       whom it is about
  --role ROLE           ${roles.join(', ')}
  --departments NAMES   the departments that the role holds for; without it all
${siteHelp}`,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        ...siteOptions,
        email: { type: 'string' },
        role: { type: 'string' },
        departments: { type: 'string' },
      },
      allowPositionals: true,
    })
    const work = workOf(positionals, values, values.json ? jsonOnly(terminal) : terminal)
    const result = await withServer(values.site, terminal, work)
    if (values.json) terminal.print(JSON.stringify(result))
    return exitCode.done
  },
}

interface Values {
  readonly email?: string | undefined
  readonly role?: string | undefined
  readonly departments?: string | undefined
}

/** @returns a function that runs the action and resolves with the value to print as JSON. */
function workOf(
  positionals: readonly string[],
  values: Values,
  terminal: Terminal,
): (ask: AskServer) => Promise<unknown> {
  if (positionals.length > 1) throw new UsageError(`${positionals[1]} is not expected here`)
  const [action] = positionals
  if (action === 'list') return (ask) => listPeople(ask, terminal)
  const { email } = values
  if (!isPersonAction(action)) throw new UsageError(`user has these commands: list, ${personActions.join(', ')}`)
  if (!email) throw new UsageError('--email is missing')
  switch (action) {
    case 'invite': {
      const body = { email, role: readRole(values.role), ...readDepartments(values.departments) }
      return (ask) => invite(ask, body, terminal)
    }
    case 'remove':
      return async (ask) => {
        const { id } = await findPerson(ask, email)
        await ask({ method: 'DELETE', path: `/api/v1/people/${encodeURIComponent(id)}` })
        terminal.print(`${email} is no longer a member of the site`)
        return { id }
      }
    case 'reset-link':
      return async (ask) => {
        const { id } = await findPerson(ask, email)
        const path = `/api/v1/people/${encodeURIComponent(id)}/reset-link`
        const answer = await ask<ResetLink>({ method: 'POST', path })
        terminal.print(answer.link)
        return answer
      }
    case 'end-sessions':
    case 'disable':
    case 'enable':
      return async (ask) => {
        const { id } = await findPerson(ask, email)
        await ask({ method: 'POST', path: `/api/v1/people/${encodeURIComponent(id)}/${action}`, body: {} })
        terminal.print(`${email} ${accountTexts[action]}`)
        return { id }
      }
  }
}

const personActions = ['invite', 'remove', 'reset-link', 'end-sessions', 'disable', 'enable'] as const

const accountTexts = {
  'end-sessions': 'is signed out everywhere',
  disable: 'is signed out, and the account is disabled',
  enable: 'may sign in again',
} as const

function isPersonAction(action: string | undefined): action is (typeof personActions)[number] {
  return personActions.some((known) => known === action)
}

async function listPeople(ask: AskServer, terminal: Terminal): Promise<PeopleList> {
  const list = await ask<PeopleList>({ method: 'GET', path: '/api/v1/people' })
  for (const { name, email, role, departments, disabledAt } of list.people) {
    const state = disabledAt === undefined ? '' : ', disabled'
    terminal.print(`${email} (${name}): ${role}${limitText(departments)}${state}`)
  }
  for (const { email, role, departments, expiresAt } of list.invitations) {
    terminal.print(`${email} is invited until ${new Date(expiresAt).toISOString()}: ${role}${limitText(departments)}`)
  }
  if (list.people.length + list.invitations.length === 0) terminal.note('the site has no members yet')
  return list
}

async function invite(ask: AskServer, body: unknown, terminal: Terminal): Promise<InvitationCreated> {
  const created = await ask<InvitationCreated>({ method: 'POST', path: '/api/v1/invitations', body })
  terminal.print(created.link)
  terminal.note(
    created.mailed ? 'It was also sent by email.' : 'No email was sent: pass the link on. It is not shown again.',
  )
  return created
}

/** @throws AppError `not_found` */
async function findPerson(ask: AskServer, email: string): Promise<PeopleList['people'][number]> {
  const { people } = await ask<PeopleList>({ method: 'GET', path: '/api/v1/people' })
  const found = people.find((person) => person.email === email.toLowerCase())
  if (found === undefined) throw new AppError('not_found', `${email} does not belong to the site`)
  return found
}

function readRole(text: string | undefined): Role {
  if (!text) throw new UsageError('--role is missing')
  const role = roles.find((known) => known === text)
  if (role === undefined) throw new UsageError(`${text} is no role; there are ${roles.join(', ')}`)
  return role
}

function readDepartments(text: string | undefined): { departments?: string[] } {
  if (text === undefined) return {}
  const departments = text.split(',').map((name) => name.trim())
  if (departments.includes('')) throw new UsageError('--departments takes names with commas between them')
  return { departments }
}

function limitText(departments: readonly string[] | undefined): string {
  return departments === undefined ? '' : `, in ${departments.join(', ')}`
}

/** A terminal that does not print, because the JSON is the only output. */
function jsonOnly(terminal: Terminal): Terminal {
  return { ...terminal, print: () => undefined, note: () => undefined }
}
