import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as accessLog from '../../src/main/db/access-log.ts'
import * as analytics from '../../src/main/db/analytics.ts'
import * as audience from '../../src/main/db/audience.ts'
import * as audit from '../../src/main/db/audit.ts'
import * as automaticActions from '../../src/main/db/automatic-actions.ts'
import * as bulkJobs from '../../src/main/db/bulk-jobs.ts'
import * as campaignAnswers from '../../src/main/db/campaign-answers.ts'
import * as campaignFill from '../../src/main/db/campaign-fill.ts'
import * as campaigns from '../../src/main/db/campaigns.ts'
import * as consents from '../../src/main/db/consents.ts'
import * as contactFields from '../../src/main/db/contact-fields.ts'
import * as contactSearch from '../../src/main/db/contact-search.ts'
import * as contacts from '../../src/main/db/contacts.ts'
import * as conversations from '../../src/main/db/conversations.ts'
import type { Value, Writer } from '../../src/main/db/database.ts'
import * as followUps from '../../src/main/db/follow-ups.ts'
import * as foreignAttempts from '../../src/main/db/foreign-attempts.ts'
import * as idempotency from '../../src/main/db/idempotency.ts'
import * as imports from '../../src/main/db/imports.ts'
import * as inbound from '../../src/main/db/inbound.ts'
import * as keywordRules from '../../src/main/db/keyword-rules.ts'
import * as lists from '../../src/main/db/lists.ts'
import * as lockouts from '../../src/main/db/lockouts.ts'
import * as logins from '../../src/main/db/logins.ts'
import * as mentions from '../../src/main/db/mentions.ts'
import * as messageList from '../../src/main/db/message-list.ts'
import * as messages from '../../src/main/db/messages.ts'
import * as optOutWords from '../../src/main/db/opt-out-words.ts'
import * as phones from '../../src/main/db/phones.ts'
import * as reportSums from '../../src/main/db/report-sums.ts'
import * as reset from '../../src/main/db/reset.ts'
import * as said from '../../src/main/db/said.ts'
import * as sessions from '../../src/main/db/sessions.ts'
import * as stats from '../../src/main/db/stats.ts'
import * as suppression from '../../src/main/db/suppression.ts'
import * as threads from '../../src/main/db/threads.ts'
import * as triage from '../../src/main/db/triage.ts'
import * as undo from '../../src/main/db/undo.ts'
import * as webhookFacts from '../../src/main/db/webhook-facts.ts'
import * as webhooks from '../../src/main/db/webhooks.ts'
import { World } from '../support/world.ts'

/** Tables that grow to hundreds of thousands of rows and more. */
const LARGE = new Set([
  ...['messages', 'contacts', 'inbound', 'threads', 'audit', 'list_members', 'contact_tags', 'suppressions'],
  ...['import_rejections', 'import_flags', 'import_changes', 'campaign_left_out', 'consents', 'foreign_attempts'],
  'idempotency',
  ...['access_visits', 'access_sources'],
  'bulk_changes',
  ...['outcome_sums', 'lane_sums', 'reason_sums', 'answer_sums'],
  ...['follow_up_work', 'webhook_deliveries', 'thread_tags', 'thread_notes', 'note_mentions', 'said'],
  ...['lockouts', 'logins', 'sessions', 'automatic_actions'],
])

/** Indexes of a few rows of a large table: to walk over all of one is no walk over the table. */
const SMALL_INDEXES =
  /\b(messages_unknown|messages_with_phones|messages_expiring|threads_unread|suppressions_likely|threads_snoozed)\b/

const PERIOD = { grain: 'quarter' as const, from: 0, to: 9e12 }
const NUMBER = '+12122000001'
const HASH = Buffer.alloc(32, 1)
const EVERYONE = { lists: [], tags: [], search: '', exceptTags: [] }
const hours = { from: 480, to: 1260, days: [1] }
const plan = {
  name: 'C',
  template: 'Hi',
  variants: [],
  steps: [],
  goal: 'replies' as const,
  waitDays: 14,
  audience: EVERYONE,
  hours,
  sims: null,
  requireConsent: false,
  consentKind: null,
  expiresAt: null,
}
const details = {
  country: 'US',
  firstName: 'A',
  lastName: '',
  email: '',
  zone: null,
  zoneByHand: 0,
  postcode: null,
  attributes: '{}',
  consentId: null,
}
const text = { phoneId: 1, store: 'S', rowId: 1, receivedAt: 1, sender: NUMBER, bodyHash: HASH }
const message = {
  ...{ id: 'M9', kind: 'reply' as const, number: NUMBER, contactId: 1, body: 'x', segments: 1, simId: null, zones: '' },
  ...{ dueAt: 0, expiresAt: null, causeId: null, repeats: null, campaignId: null, createdBy: 'local' },
}
const rule = {
  ...{ name: 'R', active: true, phrases: ['x'], fits: 'whole' as const, answer: 'y', tag: '', list: '' },
  ...{ notify: false, consent: null, waitMinutes: 0 },
}
const counts = {
  ...{ doneRow: 1, windowEnd: null, windowNumber: '', windowRow: 0, bytesRead: 1, rows: 1, created: 1, updated: 0 },
  ...{ duplicates: 0, rejected: 0, flagged: 0, rejectedByCode: '{}' },
}
const NARROWED_BY_NOTHING = { kind: null, campaignId: null, phoneId: null, from: null, to: null }
const webhook = { name: 'W', url: 'https://example.org/', events: ['inbound.text' as const], active: true }
const change = {
  ...{ kind: 'tag' as const, subject: 1, name: 'T', before: '{}', createdBy: 'local', createdAt: 1 },
}
const bulkJob = (db: Writer) =>
  bulkJobs.insertBulkJob(db, {
    ...{ kind: 'tag', name: 'T', groupId: 1, selection: '{}', untilId: 1, createdBy: 'local', createdAt: 1 },
  })
const contact = (db: Writer) => contacts.contactById(db, 1)!

/** How each function of the query files is asked, by file and name. */
const ASKED: Readonly<Record<string, Readonly<Record<string, (db: Writer) => unknown>>>> = {
  analytics: {
    startedCampaigns: db => analytics.startedCampaigns(db, PERIOD, 100, 50),
    countStarted: db => analytics.countStarted(db, PERIOD),
    totalCounts: db => analytics.totalCounts(db, PERIOD),
    totalLeftOut: db => analytics.totalLeftOut(db, PERIOD),
    totalAnswers: db => analytics.totalAnswers(db, PERIOD),
  },
  undo: {
    insertUndo: db => undo.insertUndo(db, change),
    undoById: db => undo.undoById(db, 1),
    undoOf: db => undo.undoOf(db, 'tag', 1),
    listUndos: db => undo.listUndos(db, 0, 50),
    setUndoState: db => undo.setUndoState(db, 1, 'undone'),
    countRestored: db => undo.countRestored(db, 1, 1),
    undoToDo: db => undo.undoToDo(db),
    undoToForget: db => undo.undoToForget(db, 1),
    deleteUndo: db => undo.deleteUndo(db, 1),
    noteBulkChanges: db => undo.noteBulkChanges(db, bulkJob(db), [1]),
    bulkChangesOf: db => undo.bulkChangesOf(db, 1, 50),
    forgetBulkChanges: db => undo.forgetBulkChanges(db, 1, 50),
    wholeRow: db => undo.wholeRow(db, 'campaigns', 1),
    putWholeRow: db => {
      const row = undo.wholeRow(db, 'campaigns', 1)!
      undo.putWholeRow(db, 'campaigns', { ...row, id: 99 })
    },
  },
  reportSums: {
    sumOutcomes: db => reportSums.sumOutcomes(db, PERIOD),
    sumByLane: db => reportSums.sumByLane(db, PERIOD),
    sumByReason: db => reportSums.sumByReason(db, PERIOD),
    sumAnswers: db => reportSums.sumAnswers(db, PERIOD),
    sumAnswersByPhone: db => reportSums.sumAnswersByPhone(db, PERIOD),
    firstDay: db => reportSums.firstDay(db),
  },
  audience: {
    nextOfAudience: db => {
      const filters = [
        ...[EVERYONE, { ...EVERYONE, search: 'ada' }, { ...EVERYONE, search: '1212', lists: ['L'], tags: ['T'] }],
        ...[
          { ...EVERYONE, lists: ['L'] },
          { ...EVERYONE, lists: ['L', 'M'], exceptTags: ['T'] },
        ],
        ...[
          { ...EVERYONE, tags: ['T'], lists: ['L'] },
          { ...EVERYONE, importId: 1 },
        ],
        { ...EVERYONE, importId: 1, search: 'ada' },
      ]
      return filters.map(filter => audience.nextOfAudience(db, filter, 0, 50))
    },
    countAudience: db => audience.countAudience(db, { ...EVERYONE, lists: ['L'] }),
  },
  audit: {
    lastAudit: db => audit.lastAudit(db),
    insertAudit: db =>
      audit.insertAudit(db, {
        ...{ seq: 99, at: 1, actor: 'local', action: 'test', subject: '', outcome: 'ok' as const, code: '' },
        ...{ previous: HASH, hash: HASH },
      }),
    listAudit: db => audit.listAudit(db, 100, 50),
    walkAudit: db => [...audit.walkAudit(db)],
  },
  campaignFill: {
    insertCampaignMessage: db =>
      campaignFill.insertCampaignMessage(
        db,
        1,
        {
          ...{ id: 'M8', contactId: 1, number: '+12122000009', zones: '', simId: null, dueAt: 0, expiresAt: null },
          ...{ step: 0, variant: 0 },
        },
        'local',
        0,
      ),
    hasCampaignMessage: db => campaignFill.hasCampaignMessage(db, 1, NUMBER),
    insertLeftOut: db => campaignFill.insertLeftOut(db, 1, 1, 'suppressed'),
    setFillingAfter: db => campaignFill.setFillingAfter(db, 1, 1),
    cancelQueued: db => campaignFill.cancelQueued(db, 1, 0, 50),
    messagesToFit: db => campaignFill.messagesToFit(db, 1, '', 50),
    fitQueued: db => campaignFill.fitQueued(db, 'M1', { dueAt: 0, expiresAt: null, simId: null }),
    fitHeld: db => campaignFill.fitHeld(db, 'M1', null),
    setFittingAfter: db => campaignFill.setFittingAfter(db, 1, null),
  },
  campaigns: {
    campaignById: db => campaigns.campaignById(db, 1),
    listCampaigns: db => campaigns.listCampaigns(db, ['running'], 100, 50),
    runningCampaigns: db => campaigns.runningCampaigns(db),
    dueCampaigns: db => campaigns.dueCampaigns(db, 1),
    campaignToFill: db => campaigns.campaignToFill(db),
    campaignToFit: db => campaigns.campaignToFit(db),
    campaignToEmpty: db => campaigns.campaignToEmpty(db),
    doneCampaigns: db => campaigns.doneCampaigns(db, 1),
    insertCampaign: db => campaigns.insertCampaign(db, plan, 'local', 0),
    updateCampaign: db => campaigns.updateCampaign(db, 1, plan, 0),
    deleteCampaign: db => campaigns.deleteCampaign(db, campaigns.insertCampaign(db, plan, 'local', 0)),
    setCampaignState: db => campaigns.setCampaignState(db, 1, 'paused', 0),
    setSchedule: db => campaigns.setSchedule(db, 1, null, false),
    beginCampaign: db => campaigns.beginCampaign(db, 1, 0),
    endCampaign: db => campaigns.endCampaign(db, 1, 0),
    campaignCounts: db => campaigns.campaignCounts(db, 1),
    countsOfCampaigns: db => campaigns.countsOfCampaigns(db, [1]),
    answersOfCampaigns: db => campaigns.answersOfCampaigns(db, [1]),
    campaignNames: db => campaigns.campaignNames(db, [1]),
    zonesOfWaiting: db => campaigns.zonesOfWaiting(db, 1, 500),
    waitingTimes: db => campaigns.waitingTimes(db, 1, 1, { groups: 3, counted: 50 }),
    troublesOf: db => campaigns.troublesOf(db, 1),
    leftOutCounts: db => campaigns.leftOutCounts(db, 1),
    answerCounts: db => campaigns.answerCounts(db, 1),
  },
  consents: {
    recordConsent: db =>
      consents.recordConsent(db, {
        ...{ source: 'Form', wording: '', givenAt: null, recordedBy: 'local', recordedAt: 0, importId: 1 },
      }),
    consentsById: db => consents.consentsById(db, [1]),
    kindOfConsent: db => consents.kindOfConsent(db, 1),
    consentsOfContact: db => consents.consentsOfContact(db, 1),
    endConsent: db => consents.endConsent(db, 1, 1, 'local', 0),
    giveConsents: db => consents.giveConsents(db, 1, 2),
    setConsent: db => consents.setConsent(db, 1, null),
    detachConsents: db => consents.detachConsents(db, 1, 50),
  },
  contactFields: {
    knownFields: db => contactFields.knownFields(db),
    countedFields: db => contactFields.countedFields(db),
  },
  contactSearch: {
    indexSearch: db => contactSearch.indexSearch(db, 50),
    mergeSearch: db => contactSearch.mergeSearch(db, 50),
    isSearchComplete: db => contactSearch.isSearchComplete(db),
  },
  contacts: {
    contactById: db => contacts.contactById(db, 1),
    contactByNumber: db => contacts.contactByNumber(db, NUMBER),
    audienceContactById: db => contacts.audienceContactById(db, 1),
    insertContact: db => contacts.insertContact(db, { ...details, number: '+12122000009', importId: null }, 0),
    insertContactRow: db => contacts.insertContactRow(db, { ...details, number: '+12122000009', importId: null }, 0),
    insertContactRows: db => {
      const row = (texts: string, postcodes: boolean) =>
        contacts.insertContactRows(db, Buffer.from(texts), 1, { consentId: null, importId: 1, postcodes }, 0)
      row('["+12122000009","US","A","","",null,{},null]', false)
      row('["+12122000010","US","A","","",null,{},"10001",null]', true)
    },
    contactsAmong: db => contacts.contactsAmong(db, Buffer.from(`"${NUMBER}","+12122000009"`)),
    updateContact: db => contacts.updateContact(db, contact(db), { firstName: 'B' }, 0),
    updateContactRow: db =>
      contacts.updateContactRow(db, contact(db), { firstName: 'B' }, 0, new contacts.ContactChanges()),
    restoreContactRow: db => contacts.restoreContactRow(db, contact(db), details, 0, new contacts.ContactChanges()),
    touchContact: db => contacts.touchContact(db, 1, 0),
    touchContacts: db => contacts.touchContacts(db, [1, 2], 0),
    lastContactId: db => contacts.lastContactId(db),
    giveConversation: db => contacts.giveConversation(db, 1, 2),
    deleteContact: db => contacts.deleteContact(db, contact(db)),
    deleteContactRow: db => contacts.deleteContactRow(db, contact(db), new contacts.ContactChanges()),
    contactsOfImport: db => contacts.contactsOfImport(db, 1, 0, 50),
    hasConversation: db => contacts.hasConversation(db, contact(db)),
    detachFromImport: db => contacts.detachFromImport(db, 1, 50),
  },
  imports: {
    insertImport: db =>
      imports.insertImport(db, {
        ...{
          fileName: 'a',
          path: 'a',
          fileSize: 1,
          fileChangedAt: 1,
          settings: '{}',
          createdBy: 'local',
          createdAt: 0,
        },
      }),
    importById: db => imports.importById(db, 1),
    listImports: db => imports.listImports(db, 100, 50),
    firstImportIn: db => imports.firstImportIn(db, 'undoing'),
    importIdsIn: db => imports.importIdsIn(db, 'running'),
    setImportState: db => imports.setImportState(db, 1, 'paused'),
    storeCounts: db => imports.storeCounts(db, 1, counts),
    storeUndo: db => imports.storeUndo(db, 1, { undoPhase: 0, undoAfter: 0, removed: 0, restored: 0, kept: 0 }),
    insertRejection: db =>
      imports.insertRejection(db, 1, { row: 9, code: 'phone_missing', message: '', value: '', cells: '[]' }),
    listRejections: db => imports.listRejections(db, 1, 0, 50),
    insertFlag: db => imports.insertFlag(db, 1, { row: 9, field: 'A', code: 'formula', value: '' }),
    listFlags: db => imports.listFlags(db, 1, { row: 0, field: '', code: '' }, 50),
    importChange: db => imports.importChange(db, 1, 1),
    storeImportChange: db => imports.storeImportChange(db, 1, { contactId: 1, before: null, afterVersion: 0 }),
    noteTouched: db => imports.noteTouched(db, 1, [1]),
    importChanges: db => imports.importChanges(db, 1, 0, 50),
    clearImportRows: db => imports.clearImportRows(db, 1, 50),
    deleteImport: db => imports.deleteImport(db, 1),
  },
  followUps: {
    followUpWork: db => followUps.followUpWork(db, 50),
    followUpDone: db => followUps.followUpDone(db, 'M1'),
    lookAtFollowUps: db => followUps.lookAtFollowUps(db, 1),
    stepTexts: db => followUps.stepTexts(db, 1, NUMBER),
    heardSince: db => followUps.heardSince(db, NUMBER, 1),
    repliedSince: db => followUps.repliedSince(db, NUMBER, 1),
    stoppedSince: db => followUps.stoppedSince(db, NUMBER, 1),
    tagTimes: db => followUps.tagTimes(db, NUMBER),
    markAnswers: db => followUps.markAnswers(db, 1, 1),
    stepCounts: db => followUps.stepCounts(db, 1),
  },
  inbound: {
    hasInbound: db => inbound.hasInbound(db, text),
    insertInbound: db =>
      inbound.insertInbound(db, {
        ...text,
        ...{ rowId: 9, threadId: 1, body: 'x', storedAt: 1, intent: 'none' as const, campaignId: null },
      }),
    lastTextFrom: db => inbound.lastTextFrom(db, NUMBER),
    knownNumbers: db => inbound.knownNumbers(db, [NUMBER, '+12122000009']),
  },
  lists: {
    allGroups: db => lists.allGroups(db, 'list'),
    groupById: db => lists.groupById(db, 'list', 1),
    groupsByName: db => lists.groupsByName(db, 'tag', ['T']),
    ensureGroup: db => lists.ensureGroup(db, 'list', 'New', null, 0),
    renameList: db => lists.renameList(db, 1, 'Other'),
    deleteList: db => lists.deleteList(db, 1),
    restoreList: db => lists.restoreList(db, 1, 'L'),
    hasDeletedLists: db => lists.hasDeletedLists(db),
    clearDeletedList: db => {
      lists.deleteList(db, 1)
      lists.clearDeletedList(db, 50)
    },
    addMembers: db => lists.addMembers(db, 'list', 1, [2], null),
    removeMembers: db => lists.removeMembers(db, 'list', 1, [1, 2]),
    membersAmong: db => lists.membersAmong(db, 'tag', 1, [1, 2]),
    setGroupsOf: db => lists.setGroupsOf(db, 'list', 1, ['M'], 0),
    leaveGroups: db => [lists.leaveGroups(db, 1), lists.leaveGroups(db, 1, 1)],
    groupNamesOf: db => lists.groupNamesOf(db, 'list', [1]),
    spanOfGroups: db => lists.spanOfGroups(db, 'list', [1, 2]),
    deleteEmptyGroupsOf: db => lists.deleteEmptyGroupsOf(db, 1),
  },
  messageList: {
    messageById: db => messageList.messageById(db, 'M1'),
    repeatsOf: db => messageList.repeatsOf(db, 'M1'),
    queuedOfContact: db => messageList.queuedOfContact(db, 1),
    listMessages: db => [
      messageList.listMessages(db, { states: [], limit: 50 }),
      messageList.listMessages(db, { states: [], limit: 50, before: 'M5' }),
      messageList.listMessages(db, { states: ['unknown'], limit: 50 }),
      messageList.listMessages(db, { campaignId: 1, states: ['queued', 'sent'], limit: 50 }),
    ],
  },
  messages: {
    heldMessage: db => messages.heldMessage(db, 'M1'),
    heldByPhone: db => messages.heldByPhone(db, 1),
    heldOfCampaign: db => messages.heldOfCampaign(db, 1),
    openToNumber: db => messages.openToNumber(db, NUMBER),
    openOfContact: db => messages.openOfContact(db, 1),
    refitMessage: db => messages.refitMessage(db, 'M1', 'America/Chicago', 1),
    underwayTo: db => messages.underwayTo(db, NUMBER),
    expiredMessages: db => messages.expiredMessages(db, 1, 50),
    moveMessage: db => {
      ASKED['messages']!['assignMessage']!(db)
      for (const to of ['attempting', 'sent', 'queued'] as const) messages.moveMessage(db, 'M1', to, '', 0)
    },
    recallMessage: db => messages.recallMessage(db, 'M1', 'queued', ''),
    adoptAssignment: db => messages.adoptAssignment(db, 'M1', { assignment: 2, simId: 1, bodyHash: HASH }),
    noteBodyHash: db => messages.noteBodyHash(db, 'M1', HASH),
    noteRow: db => messages.noteRow(db, 'M1', 1),
    noteEvidence: db => messages.noteEvidence(db, 'M1', '{}'),
    unknownMessages: db => messages.unknownMessages(db, 1, 'no_proof', 50),
    unknownByReason: db => messages.unknownByReason(db),
    noteRefusal: db => messages.noteRefusal(db, 'M1', 0),
    postpone: db => messages.postpone(db, 'M1', 0),
    keepLane: db => messages.keepLane(db, 1, 1),
    pinMessage: db => messages.pinMessage(db, 'M1', 1),
    unpin: db => [messages.unpin(db, 1, 1, 50), messages.unpin(db, null, 1, 50), messages.unpin(db, 'direct', 1, 50)],
    dueMessages: db => [
      messages.dueMessages(db, { queue: 1, simId: 1, free: true }, 1, 50),
      messages.dueMessages(db, { queue: null, simId: 1, free: true }, 1, 50),
      messages.dueMessages(db, { queue: 'direct', simId: 1, free: true }, 1, 50),
    ],
    nextDue: db => messages.nextDue(db, [null, 'direct', 1], [1]),
    assignMessage: db =>
      messages.assignMessage(
        db,
        { id: 'M1', simId: 1, assignment: 1, body: 'x', bodyHash: HASH, segments: 1, notAfter: 1 },
        0,
      ),
    laneLoad: db => messages.laneLoad(db, 1),
    hasTwin: db => messages.hasTwin(db, NUMBER, HASH, 0),
    recalledOf: db => messages.recalledOf(db, 1),
    outstanding: db => messages.outstanding(db, 1),
    queueMessage: db => messages.queueMessage(db, message, 0),
    hasSince: db => messages.hasSince(db, { number: NUMBER, kind: 'reply', body: 'x', since: 0 }),
    lastAttemptTo: db => messages.lastAttemptTo(db, NUMBER),
    lastCampaignTo: db => messages.lastCampaignTo(db, NUMBER),
    lastBodiesTo: db => messages.lastBodiesTo(db, NUMBER),
    hasWaiting: db => messages.hasWaiting(db, NUMBER, 'x'),
    messageDue: db => messages.messageDue(db, 'M1'),
    closedLanesWithWork: db => {
      db.run('UPDATE sims SET enabled = 0')
      return messages.closedLanesWithWork(db)
    },
    loseQueuedOfPhone: db => messages.loseQueuedOfPhone(db, 1, 0),
  },
  lockouts: {
    lockoutOf: db => lockouts.lockoutOf(db, 'source', '192.0.2.1'),
    lockoutById: db => lockouts.lockoutById(db, 1),
    listLockouts: db => [lockouts.listLockouts(db, 1, true, 100, 50), lockouts.listLockouts(db, 1, false, 100, 50)],
    putLockout: db =>
      lockouts.putLockout(db, {
        ...{
          kind: 'source' as const,
          subject: '192.0.2.1',
          failures: [1],
          lastAt: 1,
          lockedAt: null,
          lockedUntil: null,
        },
      }),
    deleteLockout: db => lockouts.deleteLockout(db, 'source', '192.0.2.1'),
    deleteOldLockouts: db => lockouts.deleteOldLockouts(db, 1, 1, 50),
    lockoutsAfter: db => lockouts.lockoutsAfter(db, 1, 50),
  },
  logins: {
    insertLogin: db =>
      logins.insertLogin(db, { ...{ at: 1, userId: null, username: '', ip: null, userAgent: '' }, outcome: 'ok' }),
    listLogins: db => [logins.listLogins(db, null, 100, 50), logins.listLogins(db, 1, 100, 50)],
    deleteOldLogins: db => logins.deleteOldLogins(db, 1, 10_000, 50),
  },
  sessions: {
    sessionByToken: db => sessions.sessionByToken(db, HASH),
    sessionById: db => sessions.sessionById(db, 1),
    listSessions: db => [sessions.listSessions(db, 1, null, 100, 50), sessions.listSessions(db, 1, 1, 100, 50)],
    insertSession: db => {
      db.run(
        "INSERT INTO users (id, username, role, password_hash, created_at, updated_at) VALUES (1, 'a', 'user', '', 1, 1)",
      )
      return sessions.insertSession(db, { userId: 1, tokenHash: HASH, ip: null, userAgent: '', expiresAt: 2 }, 1)
    },
    touchSession: db => sessions.touchSession(db, 1, 2),
    deleteSession: db => sessions.deleteSession(db, 1),
    deleteSessionsOfUser: db => sessions.deleteSessionsOfUser(db, 1),
    deleteAllSessions: db => sessions.deleteAllSessions(db),
    deleteSessionsBeyond: db => sessions.deleteSessionsBeyond(db, 1, 50),
    deleteDeadSessions: db => sessions.deleteDeadSessions(db, 1, 1, 50),
  },
  foreignAttempts: {
    noteStray: db => foreignAttempts.noteStray(db, 1, 'M1', 1),
    forgetStray: db => foreignAttempts.forgetStray(db, 1, 'M1'),
    recordForeignAttempt: db =>
      foreignAttempts.recordForeignAttempt(db, {
        ...{ messageId: 'M1', phoneId: 1, assignment: 1, number: NUMBER, bodyHash: HASH, at: 0 },
      }),
    settleForeignAttempt: db => foreignAttempts.settleForeignAttempt(db, 'M1', 1, 'sent'),
  },
  phones: {
    phoneById: db => phones.phoneById(db, 1),
    allPhones: db => phones.allPhones(db, false),
    phonesToReplay: db => phones.phonesToReplay(db),
    enabledSims: db => phones.enabledSims(db),
    simOfSlot: db => phones.simOfSlot(db, 1, 1),
  },
  suppression: {
    suppressionOf: db => suppression.suppressionOf(db, NUMBER, HASH),
    suppressionRowOf: db => suppression.suppressionRowOf(db, NUMBER, HASH),
    suppressionById: db => suppression.suppressionById(db, 1),
    confirmSuppression: db => suppression.confirmSuppression(db, 1, 'wording', 'local'),
    insertSuppression: db =>
      suppression.insertSuppression(db, {
        ...{ number: '+12122000009', hash: Buffer.alloc(32, 9), reason: 'manual' as const, note: '' },
        ...{ inboundId: null, createdBy: 'local', createdAt: 0 },
      }),
    deleteSuppression: db => suppression.deleteSuppression(db, NUMBER, HASH),
    liftSuppression: db => suppression.liftSuppression(db, NUMBER, HASH, { why: 'asked', by: 'local', at: 0 }),
    listLifts: db => suppression.listLifts(db, 100, 50),
    liftsOf: db => suppression.liftsOf(db, HASH),
    listSuppressions: db => {
      suppression.listSuppressions(db, null, 100, 50)
      suppression.listSuppressions(db, 'stop', 100, 50)
    },
    countSuppressions: db => suppression.countSuppressions(db),
    suppressionsByPrefix: db => suppression.suppressionsByPrefix(db, '+1212', '', 50),
    reasonsByNumber: db => suppression.reasonsByNumber(db, [NUMBER]),
    suppressedBetween: db => suppression.suppressedBetween(db, '+1', '+2'),
    hasErasedSuppressions: db => suppression.hasErasedSuppressions(db),
  },
  idempotency: {
    storeAnswer: db => idempotency.storeAnswer(db, { actor: 'key:1', key: 'K', request: HASH, answer: '{}', at: 1 }),
    storedAnswer: db => idempotency.storedAnswer(db, 'key:1', 'K'),
    hasAnswersBefore: db => idempotency.hasAnswersBefore(db, 1),
    forgetAnswersBefore: db => idempotency.forgetAnswersBefore(db, 1, 50),
  },
  campaignAnswers: {
    repliesTo: db => campaignAnswers.repliesTo(db, 1, 9e12, 50),
    outcomesOf: db => campaignAnswers.outcomesOf(db, 1, 'sent', '', 200),
  },
  conversations: {
    tagsOfThreads: db => conversations.tagsOfThreads(db, [1]),
    setThreadTags: db => conversations.setThreadTags(db, 1, ['T'], 1),
    threadTagNamed: db => conversations.threadTagNamed(db, 'T'),
    countThreadTags: db => conversations.countThreadTags(db),
    notesOf: db => conversations.notesOf(db, 1),
    noteById: db => conversations.noteById(db, 1),
    insertNote: db => conversations.insertNote(db, { threadId: 1, body: 'x', by: 'local', at: 1 }),
    updateNote: db => {
      ASKED['conversations']!['insertNote']!(db)
      return conversations.updateNote(db, 1, 'y', 2)
    },
    deleteNote: db => {
      ASKED['conversations']!['insertNote']!(db)
      return conversations.deleteNote(db, 1)
    },
    listReplyTemplates: db => conversations.listReplyTemplates(db),
    replyTemplateById: db => conversations.replyTemplateById(db, 1),
    replyTemplateNamed: db => conversations.replyTemplateNamed(db, 'R'),
    insertReplyTemplate: db => conversations.insertReplyTemplate(db, { name: 'R', body: 'x', by: 'local', at: 1 }),
    updateReplyTemplate: db => conversations.updateReplyTemplate(db, { id: 1, name: 'R', body: 'x' }, 1),
    deleteReplyTemplate: db => conversations.deleteReplyTemplate(db, 1),
    likelyOptOuts: db => conversations.likelyOptOuts(db, 9e12, 50),
    likelyOptOut: db => conversations.likelyOptOut(db, 1),
    setIntent: db => conversations.setIntent(db, 1, 'stop'),
  },
  keywordRules: {
    allKeywordRules: db => keywordRules.allKeywordRules(db),
    activeKeywordRules: db => keywordRules.activeKeywordRules(db),
    keywordRuleById: db => keywordRules.keywordRuleById(db, 1),
    keywordRuleNamed: db => keywordRules.keywordRuleNamed(db, 'R'),
    insertKeywordRule: db => keywordRules.insertKeywordRule(db, rule, 'local', 1),
    updateKeywordRule: db => keywordRules.updateKeywordRule(db, 1, rule, 1),
    deleteKeywordRule: db => keywordRules.deleteKeywordRule(db, 1),
    orderKeywordRules: db => keywordRules.orderKeywordRules(db, [1]),
    renameListInRules: db => keywordRules.renameListInRules(db, 'L', 'M', 1),
  },
  automaticActions: {
    insertAutomaticAction: db =>
      automaticActions.insertAutomaticAction(db, {
        ...{ inboundId: 1, cause: 'help' as const, ruleId: null, ruleName: '', answer: 'queued' as const },
        ...{ heldFor: '' as const, tag: '', list: '', consent: null, notified: false, at: 1 },
      }),
    automaticActionsOf: db => automaticActions.automaticActionsOf(db, [1]),
    listAutomaticActions: db => [
      automaticActions.listAutomaticActions(db, false, 9e12, 50),
      automaticActions.listAutomaticActions(db, true, 9e12, 50),
    ],
    answersSince: db => automaticActions.answersSince(db, NUMBER, 1),
    repliedSince: db => automaticActions.repliedSince(db, NUMBER, 1),
    textsSince: db => automaticActions.textsSince(db, 1, 1, 1),
    loopedAt: db => automaticActions.loopedAt(db, 1),
    ruleAnsweredAt: db => automaticActions.ruleAnsweredAt(db, 1, 1),
  },
  optOutWords: {
    allOptOutWords: db => optOutWords.allOptOutWords(db),
    optOutWordById: db => optOutWords.optOutWordById(db, 1),
    optOutWordsFor: db => optOutWords.optOutWordsFor(db, 1),
    optOutWordsOfLists: db => optOutWords.optOutWordsOfLists(db, [1]),
    stopPhrases: db => optOutWords.stopPhrases(db, ['L']),
    insertOptOutWord: db =>
      optOutWords.insertOptOutWord(db, { phrase: 'x', act: 'stop', place: 'whole', listId: 1, by: 'local', at: 1 }),
    deleteOptOutWord: db => optOutWords.deleteOptOutWord(db, 1),
  },
  threads: {
    threadById: db => threads.threadById(db, 1),
    listThreads: db => [
      ...[
        { tag: null, search: '' },
        { tag: 'T', search: 'ann', unread: true },
        { tag: null, search: '555 01' },
        { tag: null, search: '', state: 'open' as const },
        { tag: null, search: '', unread: true, state: 'open' as const, assignedTo: 1 },
        { tag: null, search: '', state: 'closed' as const, assignedTo: 1 },
        { tag: null, search: '', assignedTo: 1 },
        { tag: null, search: '', state: 'open' as const, assignedTo: null },
        { tag: null, search: '', assignedTo: null },
      ].map(filter =>
        threads.listThreads(db, { unread: false, state: null, ...filter }, { movedAt: 9e12, id: 9e12 }, 50),
      ),
    ],
    countInbox: db => threads.countInbox(db),
    touchThread: db => threads.touchThread(db, { number: NUMBER, contactId: 1, at: 0, text: 'x', unreadBy: 1 }),
    markRead: db => threads.markRead(db, 1),
    inboundOf: db => threads.inboundOf(db, 1, { at: 9e12, id: 9e12 }, 50),
    outboundTo: db => threads.outboundTo(db, NUMBER, { createdAt: 9e12, place: 9e12 }, 50),
    lastInboundAt: db => threads.lastInboundAt(db, 1),
    threadByNumber: db => threads.threadByNumber(db, NUMBER),
    inboundAfter: db => threads.inboundAfter(db, 1, 50),
    newestInbound: db => threads.newestInbound(db),
  },
  triage: {
    standingOf: db => triage.standingOf(db, 1),
    moveThread: db => {
      for (const type of ['close', 'reopen', 'unsnooze', 'text'] as const) triage.moveThread(db, 1, { type })
      triage.moveThread(db, 1, { type: 'snooze', until: 5 })
      triage.moveThread(db, 1, { type: 'time', now: 9 })
    },
    assignThread: db => triage.assignThread(db, 1, null),
    dueSnoozes: db => triage.dueSnoozes(db, 1, 50),
    countStandings: db => triage.countStandings(db, 1),
    lastAnswers: db => triage.lastAnswers(db, [1]),
    answeredMessage: db => triage.answeredMessage(db, NUMBER, 1, 1),
  },
  mentions: {
    mentionsOf: db => [mentions.mentionsOf(db, 1, true, 9e12, 50), mentions.mentionsOf(db, 1, false, 9e12, 50)],
    countUnseenMentions: db => [mentions.countUnseenMentions(db, 1, null), mentions.countUnseenMentions(db, 1, 1)],
    setMentions: db => mentions.setMentions(db, 1, []),
    seeMentions: db => mentions.seeMentions(db, 1, 1, 1),
  },
  said: {
    findSaid: db => [
      said.findSaid(db, '"ada"', NARROWED_BY_NOTHING, said.END, 50),
      said.findSaid(db, '"ada"*', { kind: 'in', campaignId: 1, phoneId: 1, from: 1, to: 2 }, said.END, 50),
    ],
    isSaidComplete: db => said.isSaidComplete(db),
    isHistoryDone: db => said.isHistoryDone(db),
    indexSaid: db => {
      said.indexSaid(db, 50)
      // As after an update: texts that were there before.
      for (const table of ['said', 'said_waiting']) db.run(`DELETE FROM ${table} WHERE id >= 0`)
      db.run("INSERT INTO said_words (said_words) VALUES ('delete-all')")
      db.run("INSERT INTO said_history VALUES ('in', 99, NULL), ('out', NULL, 'N'), ('note', 99, NULL)")
      while (said.indexSaid(db, 50)) {}
    },
  },
  reset: {
    runningCampaignIds: db => reset.runningCampaignIds(db),
    workingImportIds: db => reset.workingImportIds(db),
    phonesWithMessages: db => reset.phonesWithMessages(db),
    changeStamp: db => reset.changeStamp(db),
  },
  stats: {
    countRows: db => stats.countRows(db, 'contacts'),
    countLists: db => stats.countLists(db),
    countPhones: db => stats.countPhones(db),
    countUnread: db => stats.countUnread(db),
    countInbound: db => stats.countInbound(db),
    campaignsByState: db => stats.campaignsByState(db),
    messagesByState: db => stats.messagesByState(db),
    databaseBytes: db => stats.databaseBytes(db),
  },
  accessLog: {
    logPlace: db => accessLog.logPlace(db, '/log'),
    putLogPlace: db => accessLog.putLogPlace(db, { file: '/log', inode: 1, offset: 1 }),
    dropLogPlaces: db => accessLog.dropLogPlaces(db),
    noteVisit: db => {
      db.run(
        "INSERT INTO access_services (id, name, subdomain, address, auth_type, created_by, created_at, updated_at) VALUES (1, 'W', 'w', 'http://w/', 'none', 'local', 1, 1)",
      )
      const visit = { serviceId: 1, username: 'a', address: '192.0.2.1', at: 5 }
      accessLog.noteVisit(db, visit, 10)
      accessLog.noteVisit(db, visit, 10)
    },
    listVisits: db => [
      accessLog.listVisits(db, { serviceId: null, personId: null }, 100, 50),
      accessLog.listVisits(db, { serviceId: 1, personId: null }, 100, 50),
      accessLog.listVisits(db, { serviceId: 1, personId: 1 }, 100, 50),
    ],
    lastUses: db => accessLog.lastUses(db, 1),
    pruneVisits: db => accessLog.pruneVisits(db, 1, 50),
    sourceByAddress: db => accessLog.sourceByAddress(db, '192.0.2.1'),
    sourceById: db => accessLog.sourceById(db, 1),
    recentSources: db => accessLog.recentSources(db, 50),
    bannedSources: db => accessLog.bannedSources(db, 1, 50),
    putSource: db => {
      const count = { failures: [1], lastAt: 1, lockedAt: null, lockedUntil: null }
      accessLog.putSource(db, '192.0.2.1', count)
    },
    deleteSource: db => accessLog.deleteSource(db, 1),
    pruneSources: db => accessLog.pruneSources(db, 1, 50),
  },
  webhookFacts: {
    inboundFacts: db => webhookFacts.inboundFacts(db, 1),
    messageFacts: db => webhookFacts.messageFacts(db, 'M1'),
    campaignFacts: db => webhookFacts.campaignFacts(db, 1),
    phoneFacts: db => webhookFacts.phoneFacts(db, 1),
  },
  webhooks: {
    allWebhooks: db => webhooks.allWebhooks(db),
    webhookById: db => webhooks.webhookById(db, 1),
    insertWebhook: db => webhooks.insertWebhook(db, webhook, 'local', 1),
    updateWebhook: db => webhooks.updateWebhook(db, 1, webhook, 1),
    deleteWebhook: db => webhooks.deleteWebhook(db, 1),
    webhookSucceeded: db => webhooks.webhookSucceeded(db, 1),
    webhookFailed: db => webhooks.webhookFailed(db, 1, 1, 1, ''),
    wakeWebhook: db => webhooks.wakeWebhook(db, 1),
    insertTestDelivery: db => {
      const id = webhooks.insertWebhook(db, webhook, 'local', 1)
      return webhooks.insertTestDelivery(db, id, 1)
    },
    deliveryById: db => webhooks.deliveryById(db, 1),
    deliveryByUid: db => webhooks.deliveryByUid(db, 1, 'whd_1'),
    listDeliveries: db => [
      webhooks.listDeliveries(db, 1, null, 100, 50),
      webhooks.listDeliveries(db, 1, 'pending', 100, 50),
    ],
    countDeliveries: db => webhooks.countDeliveries(db, 1, 'pending', 100),
    dueDeliveries: db => webhooks.dueDeliveries(db, 1, 1, 50),
    nextDelivery: db => webhooks.nextDelivery(db, 1, 1),
    noteAttempt: db => webhooks.noteAttempt(db, 1, { state: 'pending', at: 1, status: 500, error: 'x', nextAt: 2 }),
    giveUpDeliveries: db => webhooks.giveUpDeliveries(db, 1, 1, 'x', 50),
    replayDelivery: db => webhooks.replayDelivery(db, 1, 'whd_1', 1),
    replayDeliveries: db => webhooks.replayDeliveries(db, 1, 'given_up', 1, 50),
    pruneDeliveries: db => webhooks.pruneDeliveries(db, 1, 'delivered', { before: 1, keep: 10 }, 50),
    purgeDeleted: db => {
      webhooks.deleteWebhook(db, webhooks.insertWebhook(db, webhook, 'local', 1))
      return [webhooks.purgeDeleted(db, 50), webhooks.purgeDeleted(db, 50)]
    },
    webhookSecret: () => webhooks.webhookSecret(1),
    holdBackDeliveries: db => webhooks.holdBackDeliveries(db, null, true),
    setReach: db => webhooks.setReach(db, 1, 'offline', 1),
    phoneReaches: db => webhooks.phoneReaches(db),
  },
}

/** Where a walk over everything is what is asked for, and why. */
const FULL_WALKS: Readonly<Record<string, string>> = {
  'audit.lastAudit': 'it begins at the end and stops at the first row',
  'audit.walkAudit': 'the chain of hashes is checked from its first row on',
  'logins.deleteOldLogins': 'it counts off the 10,000 rows that stay, along the ids',
  'sessions.deleteAllSessions': 'everybody is signed out',
  'followUps.followUpWork': 'it takes the next few, whichever they are',
  'stats.countRows': 'it counts what there is, in an index',
  'stats.messagesByState': 'it counts the messages of no campaign, of which there are few, in an index',
  'webhooks.holdBackDeliveries': 'after a restore everything that waited is held back, once',
  'conversations.countThreadTags': 'it counts the threads of each tag, in an index',
  'threads.countInbox': 'it counts the unread threads, in an index that has no others',
  'messages.loseQueuedOfPhone': 'a phone is written off: everything that waits is looked at, once',
}

const FILES: Readonly<Record<string, object>> = {
  idempotency,
  accessLog,
  ...{ analytics, reportSums, undo },
  ...{
    audience,
    audit,
    campaignAnswers,
    campaignFill,
    campaigns,
    consents,
    contactFields,
    contactSearch,
    contacts,
    conversations,
    followUps,
    foreignAttempts,
    imports,
    inbound,
  },
  ...{
    lists,
    lockouts,
    logins,
    mentions,
    messageList,
    messages,
    automaticActions,
    keywordRules,
    optOutWords,
    said,
    triage,
    sessions,
    stats,
    suppression,
    threads,
    webhookFacts,
    webhooks,
  },
}

let world: World

beforeAll(() => {
  world = new World()
  world.addPhone()
  world.addContact(NUMBER)
  world.addContact('+12122000002')
  world.addCampaign([NUMBER])
  world.db.write(tx => {
    tx.run("UPDATE messages SET id = 'M1'")
    for (const name of ['L', 'M']) lists.addMembers(tx, 'list', lists.ensureGroup(tx, 'list', name, 1, 0), [1], 1)
    lists.addMembers(tx, 'tag', lists.ensureGroup(tx, 'tag', 'T', 1, 0), [1], 1)
    ASKED['imports']!['insertImport']!(tx)
    const thread = { number: NUMBER, contactId: 1, at: 0, text: 'x', unreadBy: 1 }
    const threadId = threads.touchThread(tx, thread)
    inbound.insertInbound(tx, { ...text, threadId, body: 'x', storedAt: 1, intent: 'none', campaignId: 1 })
  })
})
afterAll(() => world.close())

class RolledBack extends Error {}

/** How SQLite answers every statement of a piece of work, which is not kept. */
function plansOf(work: (db: Writer) => unknown): { sql: string; detail: string }[] {
  const plans: { sql: string; detail: string }[] = []
  const explain = (sql: string, values: Value[]) => {
    // Not by the connection itself: what the database does to a statement belongs to its plan.
    const rows = world.db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values)
    plans.push(...rows.map(({ detail }) => ({ sql, detail })))
  }
  try {
    world.db.write(tx => {
      const explaining =
        (name: 'get' | 'all' | 'iterate' | 'run') =>
        (sql: string, ...values: Value[]) => {
          explain(sql, values)
          return (tx[name] as (sql: string, ...values: Value[]) => unknown)(sql, ...values)
        }
      work({
        get: explaining('get') as Writer['get'],
        all: explaining('all') as Writer['all'],
        iterate: explaining('iterate') as Writer['iterate'],
        run: explaining('run') as Writer['run'],
        savepoint: inner => tx.savepoint(inner),
      })
      throw new RolledBack()
    })
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error
  }
  return plans
}

/** The table that a name in a plan stands for. */
function tableOf(name: string, sql: string): string {
  for (const [, table, alias] of sql.matchAll(
    /\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+(?:AS\s+)?(?!WHERE|SET|ON|CROSS|JOIN|LEFT|ORDER|LIMIT|UNION|GROUP)(\w+))?/gi,
  )) {
    if (alias === name || table === name) return table!
  }
  return name
}

describe('every query over tables that grow to millions of rows', () => {
  const cases = Object.entries(ASKED).flatMap(([file, functions]) =>
    Object.entries(functions).map(([name, ask]) => ({ name: `${file}.${name}`, ask })),
  )

  it.each(cases.filter(({ name }) => !(name in FULL_WALKS)))('$name finds its rows by an index', ({ ask }) => {
    const walks = plansOf(ask)
      .filter(({ sql, detail }) => {
        const name = /^SCAN (\w+)/.exec(detail)?.[1]
        if (name === undefined || SMALL_INDEXES.test(detail)) return false
        // Of a table that points to this one: SQLite walks over it only to settle a reference that is broken.
        const insertsElsewhere = /^INSERT INTO (\w+)/.exec(sql)?.[1]
        const points = insertsElsewhere !== undefined && !sql.includes(name)
        return LARGE.has(tableOf(name, sql)) && !points
      })
      .map(({ sql, detail }) => `${detail} <- ${sql.replace(/\s+/g, ' ')}`)
    expect(walks).toEqual([])
  })

  it.each(Object.keys(FULL_WALKS))('%s walks over everything on purpose', name => {
    const [file = '', call = ''] = name.split('.')
    expect(plansOf(ASKED[file]![call]!).some(({ detail }) => /^SCAN |^SEARCH /.test(detail))).toBe(true)
  })

  it('is asked here: a function that is added to a query file has to be', () => {
    // Some are handed on by another file.
    const asked = Object.assign({}, ...Object.values(ASKED)) as object
    const missing = Object.entries(FILES).flatMap(([file, functions]) =>
      Object.entries(functions)
        .filter(([, value]) => typeof value === 'function' && /^(?:async )?function\*? \w+\(db\b/.test(String(value)))
        .filter(([name]) => !(name in asked))
        .map(([name]) => `${file}.${name}`),
    )
    expect(missing).toEqual([])
  })
})

describe('pages that people turn', () => {
  const pages = [
    ...[
      'audit.listAudit',
      'automaticActions.listAutomaticActions',
      'campaigns.listCampaigns',
      'imports.listImports',
      'imports.listRejections',
    ],
    ...['imports.listFlags', 'messageList.listMessages', 'suppression.listSuppressions', 'threads.listThreads'],
    ...['audience.nextOfAudience', 'contacts.contactsOfImport', 'messages.dueMessages', 'campaignFill.messagesToFit'],
    ...['lockouts.listLockouts', 'logins.listLogins', 'sessions.listSessions'],
  ]

  it.each(pages)('%s comes in its order without sorting', name => {
    const [file = '', call = ''] = name.split('.')
    const sorted = plansOf(ASKED[file]![call]!).filter(({ detail }) => /TEMP B-TREE/.test(detail))
    expect(sorted).toEqual([])
  })
})

describe('rows that others point to', () => {
  /** Rows of the table pointed to are never deleted, or so seldom that a walk does not matter. */
  const NEVER_DELETED = new Set(['sims', 'phones', 'consents', 'campaigns'])

  it('can be deleted without a walk over the tables that point to them', () => {
    const { connection } = world.db
    const missing: string[] = []
    for (const table of LARGE) {
      const keys = connection.pragma(`foreign_key_list(${table})`) as { table: string; from: string }[]
      const indexes = connection.pragma(`index_list(${table})`) as { name: string }[]
      const first = indexes.map(
        ({ name }) => (connection.pragma(`index_info(${name})`) as { name: string }[])[0]?.name ?? '',
      )
      for (const { table: parent, from } of keys)
        if (!first.includes(from) && !NEVER_DELETED.has(parent)) missing.push(`${table}.${from} -> ${parent}`)
    }
    expect(missing).toEqual([])
  })
})
