import { notifications } from '@mantine/notifications'
import i18next from 'i18next'

const shownForMs = 5_000

/** Says that something has been done, wherever the reader is on the page; it goes away by itself. */
export function notifyDone(message: string): void {
  notifications.show({
    message,
    autoClose: shownForMs,
    withBorder: true,
    closeButtonProps: { 'aria-label': i18next.t('desk.dismiss') },
  })
}
