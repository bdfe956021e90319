import { z } from 'zod'
import { textKeys } from '../domain/message-template.ts'
import { languages } from '../domain/locales.ts'

/** The limit of the title of a message, see `channelMessage`. */
const maxTextTitle = 200
const maxTextBody = 2_000
/** The limit of the lines of a message to a customer. */
export const maxTextLines = 20
/** Characters of a title that a text message shows. */
export const maxSmsTitle = 35

/** Title and body of a message, with placeholders: the body of `PUT /api/v1/message-texts/:key/:language`. */
export const wording = z.strictObject({
  title: z.string().trim().min(1).max(maxTextTitle),
  body: z.string().trim().min(1).max(maxTextBody),
})
export type Wording = z.infer<typeof wording>

export const textPath = z.object({ key: z.enum(textKeys), language: z.enum(languages) })

/** A text as it is used. */
export const messageText = textPath.extend({
  ...wording.shape,
  /** The text of the product, which applies until the site changes it. */
  standard: z.object(wording.shape),
  isChanged: z.boolean(),
  /** Sent back in `If-Match` when the text is changed. */
  version: z.string(),
})
export type MessageText = z.infer<typeof messageText>

/** Response of `GET /api/v1/message-texts`. */
export const messageTextList = z.object({ texts: z.array(messageText) })

/** Request body of `POST /api/v1/message-texts/preview`. */
export const textPreviewRequest = z.strictObject({ ...textPath.shape, ...wording.shape })

/** What a kind of channel makes of a text. `robot` stands for the chat robots, which take Markdown. */
const previewKinds = ['email', 'robot', 'sms', 'push'] as const

/** Response of `POST /api/v1/message-texts/preview`. */
export const textPreview = z.object({
  /** The order of the example. Undefined: the example is made up. */
  order: z.string().optional(),
  previews: z.array(
    z.object({
      kind: z.enum(previewKinds),
      /** Subject or heading; for a text message, its variable `title`. */
      title: z.string(),
      /** The rest as sent, markup included; for a text message, its variable `orders`. */
      text: z.string(),
      /** The title or the text is longer than the channel takes, and is truncated. */
      isCut: z.boolean(),
    }),
  ),
})
export type TextPreview = z.infer<typeof textPreview>
