import { notifications } from '@mantine/notifications'
import i18next from 'i18next'

const shownForMs = 5_000

/** Shows a notification that an action has succeeded. It disappears by itself. */
export function notifyDone(message: string): void {
  notifications.show({
    message,
    autoClose: shownForMs,
    withBorder: true,
    closeButtonProps: { 'aria-label': i18next.t('desk.dismiss') },
  })
}
