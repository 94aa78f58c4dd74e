# Phrases every dialogue shares.

language-name = English

# ---- words for understanding, separated by |
words-yes = yes|y|yeah|yep|ok|okay|sure|right|correct|confirm
words-no = no|n|nope|cancel|never mind
words-done = done|finished|did it|it's done|completed|ready
words-negation = not|no|isn't|don't|doesn't|never|without|haven't|hasn't
words-question = ?|what|how|why|can i|could i|do i|does|will i|will a|will an|will my|will the|will it|is it|are there|which|where|when|should i
words-secret = code|password|passcode|pin|puk

# ---- commands
cmd-start = Begin, or go on where you were
    .words = start|begin|continue|resume|hello|hi
cmd-plan = My list of steps
    .words = plan|my plan|steps|checklist|list|progress
cmd-papers = Papers to prepare
    .words = papers|documents|my papers
cmd-hotline = How to reach the operator
    .words = hotline|contact|contacts|phone|call
cmd-remind = Set a reminder
    .words = remind|remind me|set a reminder
cmd-reminders = My reminders
    .words = reminders|my reminders
cmd-card = A two-language card for the counter
    .words = card|counter card
cmd-pack = The plan as a file to keep offline
    .words = pack|offline|download
cmd-topics = Common questions
    .words = topics|questions|faq
cmd-answers = See or change my answers
    .words = change|answers|my answers|edit|back|go back
cmd-language = Change the language
    .words = language|change language
cmd-timezone = Change the time zone
    .words = time zone|timezone
cmd-code = Take a recovery code
    .words = recovery code|backup code
cmd-restore = Go on with a recovery code
    .words = restore|use a recovery code
cmd-export = All that is stored about me
    .words = export|export my data
cmd-forget = Delete everything about me
    .words = forget|delete|delete everything|forget me
cmd-help = How this works
    .words = help|how does this work

# ---- asking
ask-progress = Question { $number } of { $total }
ask-many-hint = Picked: { $list }
ask-unasked = This question does not matter in your situation. I keep the answer for later.
ask-current = Your answer now: { $value }

# ---- remarks
note-welcome-back = Welcome back. Everything is as you left it.
note-noted = Noted: { $list }.
note-changed = Changed: { $list }.
note-kept = All right, nothing changed.
note-ticked = ✅ Done: { $name }
note-unticked = No longer ticked: { $name }
note-too-early = ⚠️ That step cannot be undone, and these before it are still open: { $list }. Please do them soon.
note-not-understood = I did not understand that, but all your answers are safe. Tap an option below, or say it another way.
note-outdated = That button is from an older version and no longer works. Here is where you are now.
note-sensitive = ⚠️ That looks like a number, a document or a code. I did not keep it; please delete the message. I only need your choices.
note-unsupported-picture = I cannot look at pictures. Please do not send photos of documents; best delete it. Type, or tap a button.
note-unsupported-voice = I cannot listen to voice messages. Please type, or tap a button.
note-unsupported-other = I cannot read that kind of message. Please type, or tap a button.
note-sensitive-file = ⚠️ Please do not send files or contacts; they may hold personal data. I did not keep it; please delete it.
note-plan-not-ready = Answer the remaining questions and your list is ready.
note-forgotten = Everything is deleted. Nothing is left. Send /start to begin again.
note-started-over = All right, from the beginning.
note-step-gone = That step is no longer in your plan.
note-language-set = All right, English from now on.
note-our-fault = Something went wrong on my side, and what you just said was not handled. Please say it again; the rest is safe.
toast-retrying = Saving is taking longer than usual. I'm trying again and will answer as soon as it works.
note-nothing-open = There is nothing waiting for your yes or no.
note-unknown-command = There is no such command. Send /help to see what I can do.

did-you-mean = Did you mean:
none-of-these = None of these

# ---- the plan
plan-title = Your plan
plan-closed = 🎉 The number is cancelled and you hold the proof. What is left is tidying up.
plan-all-closed = 🎉 All done. The number is cancelled and you hold the proof.
plan-all-ticked = Every step is ticked.
plan-progress = Done { $done } of { $total }
plan-next = 👉 Next: { $name }
plan-papers = Papers ready: { $done } of { $total }
step-number = Step { $number } of { $total }
step-not-yet = ⚠️ <b>Not yet.</b> This step cannot be undone. First finish: { $list }
step-irreversible = ❗ This step cannot be undone.
step-why = Why this step: { $value }
step-papers = Bring:
step-contacts = Contact:
why-because = Because you said:
why-always = Everyone needs this step.
why-change = If one of the answers below is wrong, pick it to change it.
confirm-ask = If you change it to “{ $value }”, the plan changes:
confirm-leaves = ➖ No longer needed: { $name }
confirm-leaves-done = ➖ No longer needed: { $name } (you have done it)
confirm-comes = ➕ New: { $name }

# ---- other pages
papers-title = Papers to prepare
papers-maybe = It depends on your answers. You may need:
papers-none = Your situation needs no papers.
papers-hint = Pick each one when you have it. Do not send me any documents.
contacts-title = How to reach the operator
topics-title = You may want to ask
answers-title = Your answers
answers-none = You have not answered anything yet.
answers-hint = Pick one to change it.
languages-title = Choose a language
forget-ask = Delete all your answers, ticks and progress? They cannot be brought back.
help =
    <b>How this works</b>
    • Tap a button, or just type, for example “my card is in arrears”. Several things in one sentence are fine.
    • Change any answer at any time. The plan follows, and your ticks stay.
    • Ask a question at any time. Then we go on where we were.

    Please never send names, full numbers, documents or codes.

# ---- buttons
btn-plan = 📋 Plan
btn-papers = 🪪 Papers
btn-hotline = ☎️ Contacts
btn-topics = ❓ Questions
btn-answers = ✏️ Change answers
btn-back = ↩️ Go on
btn-done = ✅ I have done this
btn-undo = ↩️ Not done yet
btn-next = 👉 { $name }
btn-why = 🔍 Why this step
btn-know = 💡 I know now: { $name }
btn-finish = 👌 That is all
btn-apply = ✅ Change it
btn-keep = ↩️ Leave it
btn-start-over = 🔄 Start over
btn-forget-yes = 🗑 Delete everything
btn-forget-no = ↩️ Keep it
btn-why-asked = 💬 Why do you ask

# ---- reminders
zone-guess = Asia/Baku
weekday-names = Mon|Tue|Wed|Thu|Fri|Sat|Sun
note-reminder-set = ⏰ All right, I will remind you of “{ $name }”: { $value }
note-reminder-cancelled = All right, that reminder is cancelled.
note-reminder-gone = That reminder is no longer there.
note-too-many-reminders = That is a lot of reminders. Cancel some before you set a new one.
note-zone-set = All right, { $zone } time. It is { $time } there now.
trouble-past = That time has passed. Please name a later one.
trouble-no-such-day = The calendar has no such day. Please try another date.
trouble-no-such-time = The clock has no such time. Please try another one.
trouble-too-far = That is too far away; I remember for a year at most. Please name an earlier date.
trouble-ambiguous = That hour has passed today. Which one do you mean?
remind-title = What shall I remind you of?
remind-about-hotline = Contact the operator
remind-about-papers = Papers still missing
when-ask = When shall I remind you of “{ $name }”?
when-hint = Tap one, or just type, for example “tomorrow at nine”, “in three days” or “in two hours”.
when-echo = { $weekday } { $date } { $time } ({ $zone })
when-echo-both = { $weekday } { $date } { $time } ({ $zone }), { $other } in { $home }
zones-title = Where are you now?
zones-confirm = Your clock shows { $time } now ({ $zone }), right? If not, choose below, or type a city.
reminders-title = Your reminders
reminders-none = There are none yet.
reminders-hint = Pick one to move it, cancel it, or keep it as a calendar file.
due-title = ⏰ Reminder
due-late = ⏰ A late reminder (I was not there in time, sorry)
due-hotline = Time to contact the operator:
due-papers = Papers still missing:
due-step = Time for this step: <b>{ $name }</b>
calendar-note = This is a calendar file. Open it, and the calendar of your phone keeps the reminder.
btn-remind = ⏰ Remind me
btn-reminders = 🗓 My reminders
btn-hour = In an hour
btn-evening = This evening
btn-tomorrow = Tomorrow morning
btn-three-days = In three days
btn-monday = Next Monday
btn-change-time = 🕘 Another time
btn-cancel-reminder = 🗑 Cancel
btn-calendar = 🗓 Calendar file
btn-not-needed = 🙅 Not needed
btn-zone-yes = ✅ Yes
btn-timezone = 🌏 Time zone
terminal-file = (Written to the file { $name })

# ---- words of times
time-second = seconds|second|secs|sec|s
time-minute = minutes|minute|mins|min|m
time-hour = hours|hour|hrs|hr|h
time-day = days|day|d
time-week = weeks|week|w
time-month = month
time-month-day = th|st|nd|rd
time-in = in|after
time-later = later|from now
time-today = today
time-tomorrow = tomorrow|tmr
time-after-tomorrow = the day after tomorrow|day after tomorrow
time-morning = morning|in the morning|this morning
time-noon = noon|midday
time-afternoon = afternoon|in the afternoon|this afternoon
time-evening = evening|in the evening|this evening|tonight|at night
time-am = am|a m
time-pm = pm|p m
time-next = next
time-oclock = o'clock|oclock
time-half = half|half an|half a
time-remind = remind me|remind
time-hotline = to call|call|hotline|the operator|contact the operator
time-papers = papers|documents|the papers
time-filler = at|on|about|of|to|please|the
time-weekdays = monday/mon|tuesday/tue|wednesday/wed|thursday/thu|friday/fri|saturday/sat|sunday/sun
time-numbers = one/a/an|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve

# ---- sources
sources-title = Where “{ $name }” comes from
sources-none = No number or address is quoted here. It comes from the guide and from our own advice; if in doubt, ask the operator.
source-official = From an official page: { $value } (we read it on { $date })
source-news = From the news: { $value } (we read it on { $date })
source-third-party = From a third party: { $value } (we read it on { $date })
source-stale = It is due to be read again and may have changed; ask the operator.
stale-note = Something here is due to be read again and may have changed. Please ask the operator.
btn-sources = 🔗 Where from

# ---- the card and the pack
card-title = For the counter
card-hint = Show this to the staff; tap it to copy. Fill in the number elsewhere, and do not send it to me.
card-own = It says:
pack-note = This is your offline pack: steps, papers, contacts and the card for the counter. It opens without a network, and prints.
pack-made = Made by simoff on { $date }. Plans change; the latest one counts.
pack-letter = The letter to the operator
pack-letter-hint = Fill in the blanks yourself. Send no documents with the first letter.
pack-sources = Where this comes from
btn-card = 🗂 For the counter
btn-pack = 📦 Offline pack

# ---- the terminal
terminal-hint = Type a number, or say it in your words. /help for help, Ctrl-D to leave.
terminal-reloaded = (The dialogue was updated)

# ---- recovery codes and export
step-code = 🔑 First take a recovery code with the button below. Should this account go with the number, another one picks up your list.
code-title = 🔑 Your recovery code
code-hint =
    Write it down, and keep it somewhere outside this account.
    From another account, send /restore and this code: your list, answers and reminders move there.
    It is good for { $number } { $number ->
        [one] day
       *[other] days
    } and can be used once. Taking another one ends this one.
note-restored = 🔑 Everything is back; let us go on. Your reminders moved here too, and the other account is empty now.
note-code-unknown = That code is wrong, used or too old. Please check it and send it again.
note-code-misread = Send /restore, a space and the code. It has four groups of four letters or digits.
note-too-many-codes = That was too many tries. Please wait an hour.
note-nothing-to-keep = You have not answered anything yet, so there is nothing a code could bring back.
note-content-changed = 📣 The guide was updated, and your plan changes:
note-content-asks = 📣 The guide was updated. One more answer, and your plan is ready again.
export-note = 📄 This is all I keep about you: answers, ticks and reminders, nothing else.
group-private = I only talk in private. Tap the button, and we talk there.

# ---- buttons, continued
btn-code = 🔑 Recovery code
btn-group = 💬 Talk in private

# ---- for those who run the bot
admin-stats = Numbers
admin-nobody = No plan has changed with the content, so there is nobody to tell.
admin-announce = The content changes the plan of { $number } of { $total } people. Each is told the difference in their language, at low priority.
admin-begun = It has begun. I tell you when it is done.
admin-done = Done. People told: { $number }
btn-announce = 📣 Tell them

# ---- the web page
web-skip = To the text field
web-talk = The talk
web-write = What you want to say
web-example = Or type, for example: my card is in arrears
web-send = Send
web-menu = Menu
web-you = You said:
web-file = ⬇️ Save { $name }
web-note = Please type no names, full numbers, documents or codes. Your progress is kept for this browser only; before you change devices, take a recovery code from the menu.
web-offline = The server cannot be reached. Check your connection and try again in a moment; all your answers are safe.
web-too-fast = That was too fast. Please wait a few seconds; all your answers are safe.
web-trouble = Something went wrong on our side, and your last input was not kept. Please try again in a moment; the rest is safe.
web-foreign = This did not come from our own page, so nothing was done. Please go back to the page and try again.
web-lost = There is nothing here.
