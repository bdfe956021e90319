import { rolesFor } from '@stagewatch/shared/domain/access/action.ts'
import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { useMe } from '../api/session.ts'
import { useText } from '../locales/use-text.ts'
import button from './button.module.css'
import styles from './connect-steps.module.css'

/** How the first orders get into a site: links for users who may do it; the others read whom to ask. */
export function ConnectSteps() {
  const { t } = useText()
  const { actions } = useMe()
  const canConnect = actions.includes('keys.manage')
  const roles = rolesFor('keys.manage').map((role) => t(`role.${role}`))
  const canImport = actions.includes('imports.manage')
  return (
    <>
      {!canConnect && <p>{t('firstRun.whoConnects', { roles: roles.join(t('listComma')) })}</p>}
      {(canConnect || canImport) && (
        <div className={styles['steps']}>
          {canConnect && (
            // Without orders, the overview explains how to connect a system.
            <Link className={button['link']} to="/overview">
              {t('firstRun.connect')}
            </Link>
          )}
          {canImport && (
            <Link className={clsx(button['link'], button['quiet'])} to="/imports/new">
              {t('imports.new')}
            </Link>
          )}
        </div>
      )}
    </>
  )
}
