import type { changeActions } from '@stagewatch/shared/contract/changes.ts'

type ChangeAction = (typeof changeActions)[number]

/** Keys of texts have no dots of their own. */
export const changeTexts = {
  'process.saved': 'desk.changes.action.processSaved',
  'calendar.saved': 'desk.changes.action.calendarSaved',
  'calendars.chosen': 'desk.changes.action.calendarsChosen',
  'privacy.changed': 'desk.changes.action.privacyChanged',
  'setup.done': 'desk.changes.action.setupDone',
  'person.invited': 'desk.changes.action.personInvited',
  'invitation.withdrawn': 'desk.changes.action.invitationWithdrawn',
  'person.joined': 'desk.changes.action.personJoined',
  'person.changed': 'desk.changes.action.personChanged',
  'person.left': 'desk.changes.action.personLeft',
  'key.created': 'desk.changes.action.keyCreated',
  'key.revoked': 'desk.changes.action.keyRevoked',
  'screen.paired': 'desk.changes.action.screenPaired',
  'screen.changed': 'desk.changes.action.screenChanged',
  'screen.revoked': 'desk.changes.action.screenRevoked',
  'screen.rotated': 'desk.changes.action.screenRotated',
} as const satisfies Record<ChangeAction, string>
