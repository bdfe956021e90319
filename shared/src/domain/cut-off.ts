/**
 * A daily cut-off, such as "what is here by 14:00 is handed to the carrier by 16:00". Times of day are by the clock of
 * the calendar that counts for the visit, days are those on which it works.
 */
export interface CutOff {
  /** `HH:MM`: what enters later counts as having entered on the next working day. Undefined: `leaveBy`. */
  readonly enterBy?: string
  /** `HH:MM` */
  readonly leaveBy: string
  /** So many working days later; undefined: on the same one. */
  readonly daysLater?: number
}
