import { z } from 'zod'
import { languages } from '../domain/locales.ts'
import { failing } from './field-issue.ts'
import { timeZone } from './time-zone.ts'
import { visibleName } from './names.ts'

/** Kinds of addresses at which a person can be notified. */
export const channelKinds = ['email', 'sms', 'wecom', 'dingtalk', 'feishu'] as const
export type ChannelKind = (typeof channelKinds)[number]

/** E.164: a plus sign, the country code and the number, at most 15 digits in total. */
const mobileNumber = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, 'is a number with the code of its country, such as +8613800138000')

/** A person's id in a messenger: no blanks and no invisible characters. */
const messengerId = visibleName(64).refine((text) => !/\s/u.test(text), failing('wrong_form', 'must not hold blanks'))

/** One way to reach a person. It contains no secrets, because the sending channel belongs to the site. */
export const channelPreference = z.discriminatedUnion('kind', [
  /** The address of the account. */
  z.strictObject({ kind: z.literal('email') }),
  z.strictObject({ kind: z.literal('sms'), mobile: mobileNumber }),
  z.strictObject({ kind: z.literal('wecom'), userId: messengerId }),
  /** A robot mentions people by their mobile number, an application sends to their user id. */
  z.strictObject({
    kind: z.literal('dingtalk'),
    userId: messengerId.exactOptional(),
    mobile: mobileNumber.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('feishu'), openId: messengerId }),
])
export type ChannelPreference = z.infer<typeof channelPreference>

/** In order of preference, each kind at most once. Empty: nothing is sent, and messages appear only on the desk. */
const channelPreferences = z
  .array(channelPreference)
  .max(channelKinds.length)
  .refine((all) => new Set(all.map(({ kind }) => kind)).size === all.length, failing('twice', 'has a kind twice'))
  .refine(
    (all) => all.every((one) => one.kind !== 'dingtalk' || one.userId !== undefined || one.mobile !== undefined),
    failing('missing', 'DingTalk needs a user id or a mobile number'),
  )

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is a time HH:MM')

/** ISO 8601: 1 is Monday. */
const weekday = z.union([
  z.literal(1),
  z.literal(2),
  z.literal(3),
  z.literal(4),
  z.literal(5),
  z.literal(6),
  z.literal(7),
])

/** When a person does not want to be notified, in their time zone. */
export const quietHours = z
  .strictObject({
    from: time,
    /** If not after `from`: on the next day. */
    to: time,
    /** The days on which quiet hours begin. */
    days: z
      .array(weekday)
      .min(1)
      .max(7)
      .refine((all) => new Set(all).size === all.length, failing('twice', 'names a day twice')),
    /** Critical alerts are sent during quiet hours too. */
    criticalBreaks: z.boolean(),
  })
  .refine(({ from, to }) => from !== to, { ...failing('empty_range', 'lasts no time'), path: ['to'] })
export type QuietHours = z.infer<typeof quietHours>

const settings = {
  /** Language of the desk on every device, and of messages. Undefined: the browser's. */
  language: z.enum(languages).exactOptional(),
  /** IANA name. Undefined: the browser's time zone. */
  timeZone: timeZone.exactOptional(),
  channels: channelPreferences,
  /** Undefined: none. */
  quietHours: quietHours.exactOptional(),
  /** Whether the person receives a list of their due and overdue orders each working morning. */
  dueList: z.boolean().default(true),
}

/** Request body of `PUT /api/v1/me/profile`; a person's profile is the same at all sites. */
export const profileSettings = z.strictObject({ name: visibleName(100), ...settings })
export type ProfileSettings = z.infer<typeof profileSettings>

/** Response of `GET /api/v1/me/profile`, and of the request for the profile of a person managed by the caller. */
export const profile = z.object({
  name: z.string(),
  ...settings,
  email: z.string(),
  /** The owner has proven that they can read e-mail sent to the address. */
  emailVerified: z.boolean(),
  /** Sent as `If-Match` when changing it. */
  version: z.string(),
})
export type Profile = z.infer<typeof profile>
