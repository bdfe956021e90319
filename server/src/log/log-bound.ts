/**
 * SQL for a transaction id below which every transaction that may have written events has ended, so that no further
 * event can appear there. Both forms only depend on the snapshot of their statement.
 */
export type LogBound = string

/** The oldest transaction that was writing when the statement began, in any database of the PostgreSQL server. */
export const belowAllWriters: LogBound = '(select pg_snapshot_xmin(pg_current_snapshot()))'

/**
 * The same without transactions of other databases, which cannot write events of this one but may stay open for hours.
 * It scans all locks of the server, so it is only used when `belowAllWriters` holds events back.
 *
 * A transaction of the snapshot is ignored only if it is proven to run elsewhere: its lock on its own id and a lock on
 * a table of another database are held by the same virtual transaction. A virtual transaction belongs to one session, a
 * session to one database, and the id of a virtual transaction is not reused (`…/0` identifies none), so the proof
 * holds no matter when the locks are read. Without this proof, events are held back: this applies to a transaction that
 * has not written anything yet, or that ended after the snapshot was taken.
 */
export const belowOwnWriters: LogBound = `(
  select coalesce(
    (select writer from pg_snapshot_xip(pg_current_snapshot()) as writer
     where not exists (
       select from pg_locks own join pg_locks elsewhere using (virtualtransaction)
       where own.locktype = 'transactionid' and own.mode = 'ExclusiveLock' and own.granted
         and own.transactionid = writer::xid and virtualtransaction not like '%/0'
         and elsewhere.locktype = 'relation' and elsewhere.database <> 0
         and elsewhere.database <> (select oid from pg_database where datname = current_database()))
     order by writer limit 1),
    pg_snapshot_xmax(pg_current_snapshot())))`
