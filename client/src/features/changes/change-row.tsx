import type { ChangeList } from '@stagewatch/shared/contract/changes.ts'
import { clsx } from 'clsx'
import { useState } from 'react'
import { ChangeDiff } from '../../components/diff/diff-table.tsx'
import layout from '../../components/layout/layout.module.css'
import { instantText } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'
import styles from './changes.module.css'

interface ChangeRowProps {
  readonly change: ChangeList['changes'][number]
  /** Epoch ms. */
  readonly now: number
}

/** One change. Its diff is computed when the row is opened. */
export function ChangeRow({ change, now }: ChangeRowProps) {
  const { t, language, nameOf } = useText()
  const [isOpen, setOpen] = useState(false)
  const { changedAt, actor, subject, subjectName, before, after, reason } = change
  const { kind, name, personName } = actor
  const who = kind === 'person' ? (personName ?? name) : t(`changes.actor.${kind}`, { name })
  return (
    <li>
      <details className={styles['change']} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className={styles['line']}>
          <time className={styles['time']} dateTime={new Date(changedAt).toISOString()}>
            {instantText(changedAt, now, language)}
          </time>
          <strong className={styles['action']}>{t(changeText(change))}</strong>
          <span className={clsx(styles['subject'], layout['break'])} title={subject}>
            {subjectName === undefined ? subject : nameOf(subjectName)}
          </span>
          <span className={clsx(styles['actor'], layout['break'])} title={kind === 'person' ? name : undefined}>
            {who}
          </span>
        </summary>
        {reason !== undefined && (
          <p className={clsx(styles['reason'], layout['break'])}>{t('changes.reason', { reason })}</p>
        )}
        {isOpen && <ChangeDiff before={before} after={after} now={now} />}
      </details>
    </li>
  )
}

type Change = Pick<ChangeList['changes'][number], 'action' | 'after'>

/** A map is needed because text keys must not contain dots. */
const changeTexts = {
  'process.saved': 'changes.action.processSaved',
  'process.released': 'changes.action.processReleased',
  'process.rolled-back': 'changes.action.processRolledBack',
  'draft.discarded': 'changes.action.draftDiscarded',
  'calendar.saved': 'changes.action.calendarSaved',
  'calendars.chosen': 'changes.action.calendarsChosen',
  'privacy.changed': 'changes.action.privacyChanged',
  'personal-data.erased': 'changes.action.personalDataErased',
  'retention.changed': 'changes.action.retentionChanged',
  'archive.started': 'changes.action.archiveStarted',
  'archive.cancelled': 'changes.action.archiveCancelled',
  'archive.restored': 'changes.action.archiveRestored',
  'translations.changed': 'changes.action.translationsChanged',
  'department.saved': 'changes.action.departmentSaved',
  'department.merged': 'changes.action.departmentMerged',
  'skills.changed': 'changes.action.skillsChanged',
  'member.changed': 'changes.action.memberChanged',
  'absence.saved': 'changes.action.absenceSaved',
  'absence.deleted': 'changes.action.absenceDeleted',
  'handover.set-up': 'changes.action.handoverSetUp',
  'handover.noted': 'changes.action.handoverNoted',
  'handover.note-deleted': 'changes.action.handoverNoteDeleted',
  'handover.confirmed': 'changes.action.handoverConfirmed',
  'profile.changed': 'changes.action.profileChanged',
  'site.created': 'changes.action.siteCreated',
  'site.changed': 'changes.action.siteChanged',
  'site.deleted': 'changes.action.siteDeleted',
  'source.changed': 'changes.action.sourceChanged',
  'quarantine.retried': 'changes.action.quarantineRetried',
  'quarantine.dismissed': 'changes.action.quarantineDismissed',
  'jobs.retried': 'changes.action.jobsRetried',
  'jobs.dismissed': 'changes.action.jobsDismissed',
  'import.started': 'changes.action.importStarted',
  'import.stopped': 'changes.action.importStopped',
  'import.undone': 'changes.action.importUndone',
  'mapping.saved': 'changes.action.mappingSaved',
  'mapping.deleted': 'changes.action.mappingDeleted',
  'setup.done': 'changes.action.setupDone',
  'person.invited': 'changes.action.personInvited',
  'invitation.withdrawn': 'changes.action.invitationWithdrawn',
  'person.joined': 'changes.action.personJoined',
  'person.changed': 'changes.action.personChanged',
  'person.left': 'changes.action.personLeft',
  'person.renamed': 'changes.action.personRenamed',
  'account.linked': 'changes.action.accountLinked',
  'account.disabled': 'changes.action.accountDisabled',
  'account.enabled': 'changes.action.accountEnabled',
  'sessions.ended': 'changes.action.sessionsEnded',
  'password.changed': 'changes.action.passwordChanged',
  'password.reset': 'changes.action.passwordReset',
  'second-factor.enabled': 'changes.action.secondFactorEnabled',
  'second-factor.disabled': 'changes.action.secondFactorDisabled',
  'key.created': 'changes.action.keyCreated',
  'key.revoked': 'changes.action.keyRevoked',
  'screen.paired': 'changes.action.screenPaired',
  'screen.confirmed': 'changes.action.screenConfirmed',
  'screen.changed': 'changes.action.screenChanged',
  'screen.revoked': 'changes.action.screenRevoked',
  'screen.rotated': 'changes.action.screenRotated',
  'webhook.created': 'changes.action.webhookCreated',
  'webhook.changed': 'changes.action.webhookChanged',
  'webhook.deleted': 'changes.action.webhookDeleted',
  'webhook.rotated': 'changes.action.webhookRotated',
  'webhook.disabled': 'changes.action.webhookDisabled',
  'channel.created': 'changes.action.channelCreated',
  'channel.changed': 'changes.action.channelChanged',
  'channel.deleted': 'changes.action.channelDeleted',
  'secrets.rotated': 'changes.action.secretsRotated',
  'alert-rule.created': 'changes.action.alertRuleCreated',
  'alert-rule.changed': 'changes.action.alertRuleChanged',
  'alert-rule.deleted': 'changes.action.alertRuleDeleted',
  'approval.decided': 'changes.action.approvalDecided',
  'approval.changed': 'changes.action.approvalChanged',
  'task-rules.changed': 'changes.action.taskRulesChanged',
  'customer-news.changed': 'changes.action.customerNewsChanged',
  'message-text.changed': 'changes.action.messageTextChanged',
  'message-text.reset': 'changes.action.messageTextReset',
} as const satisfies Record<Change['action'], string>

/** Key of the text that describes the change. */
function changeText({ action, after }: Change) {
  const isLink = action === 'person.changed' && typeof after === 'object' && after !== null && 'resetLink' in after
  return isLink ? 'changes.action.resetLinkMade' : changeTexts[action]
}
