import { rolesFor, type Action } from '@stagewatch/shared/domain/access/action.ts'
import { useText } from '../../text/use-text.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { useMe } from './me-context.ts'

/** Names who may, so that the reader knows whom to ask. */
export function NoPermission({ action }: { readonly action: Action }) {
  const { t } = useText()
  const { role } = useMe()
  const roles = rolesFor(action).map((each) => t(`desk.role.${each}`))
  return (
    <EmptyState title={t('desk.noPermission')}>
      <p>{t('desk.noPermissionText', { roles: roles.join(t('desk.listComma')) })}</p>
      {role !== undefined && <p className="meta">{t('desk.yourRole', { role: t(`desk.role.${role}`) })}</p>}
    </EmptyState>
  )
}
