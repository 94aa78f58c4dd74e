# English, translated from zh-Hans.ftl.
# No digits and no addresses in sentences; they are in facts.toml and quoted as { $name }.

profile-name = simoff: cancel a retention SIM
profile-short = Give up an Azerbaijani retention SIM safely: a few questions, one list, reminders. No documents, no numbers.
profile-description =
    I help you give up an Azerbaijani number-retention SIM safely.

    • A few short questions, then a list of steps made for you
    • Move your accounts first, cancel last
    • A two-language card for the counter, the papers, contacts you can trust
    • Every fact has its source and date; what was not found is said to be unknown

    Free. I never need names, full numbers, documents or codes. Not an operator's official bot.

welcome =
    Hello, I am simoff. I help you give up an Azerbaijani number-retention SIM safely.

    I ask a few short questions, then you get a list of steps made for you. Tap a button or say it in your own words. You can change anything later.

    Do not tell me names, full numbers, document numbers or codes. I do not need them and do not keep them.

# ---------------------------------------------------------------- questions

q-operator = Which operator is this SIM from?
    .name = Operator
    .why = Each one cancels in its own way and has its own contact. Numbers can move between operators, so the prefix alone does not tell.
    .azercell = Azercell
    .azercell-words = azercell|azersel
    .bakcell = Bakcell
    .bakcell-words = bakcell|baksel
    .nar = Nar
    .nar-words = nar|nar mobile|azerfon
    .caspian_mobile = Caspian Mobile
    .caspian_mobile-words = caspian mobile|caspian
    .unsure = Not sure
    .unsure-words = not sure|i don't know|don't know|no idea|unsure|forgot

q-holder = In whose name is the SIM registered?
    .name = Registered holder
    .why = Only the registered holder can cancel, or someone the holder authorises in writing.
    .me = In my own name
    .me-words = me|mine|myself|my name|in my name|my own name|my own
    .reachable = Someone else, and I can reach them
    .reachable-words = a friend|my friend|family member|my wife|my husband|colleague|can reach them|someone i know
    .unreachable = A seller or stranger, out of reach
    .unreachable-words = stranger|seller|reseller|bought online|cannot reach|can't reach|not in my name|not my name
    .unsure = Not sure
    .unsure-words = not sure|i don't know|don't know|no idea|unsure|forgot

q-status = What state is the SIM in?
    .name = SIM state
    .why = The guide asks for a SIM in the state “kept”. A suspension or a debt has to be solved first.
    .kept = Kept (works normally)
    .kept-words = kept|normal|active|works|it works|working|works fine|not suspended
    .suspended = Suspended
    .suspended-words = suspended|blocked|closed line|line closed|switched off|stopped
    .in_arrears = In arrears
    .in_arrears-words = in arrears|arrears|in debt|debt|i owe|owe money|unpaid|negative balance|late fees
    .unsure = Not sure
    .unsure-words = not sure|i don't know|don't know|no idea|unsure|never checked

q-balance = What about the balance?
    .name = Balance
    .why = No published rule says that a balance is paid back on cancellation. Better to know before it is gone.
    .settled = Zero, everything is paid
    .settled-words = zero|zero balance|empty|all paid|settled|everything is paid|nothing left|paid up
    .credit = There is money left
    .credit-words = money left|some money|credit left|positive balance|some balance|balance left
    .unsure = Not sure
    .unsure-words = not sure|i don't know|don't know|no idea|unsure|never checked

q-bundled = Is a package or another service tied to the SIM?
    .name = Tied services
    .why = The guide asks for a SIM with nothing bundled. Whatever is tied to it has to end first.
    .plain = No, it only keeps the number
    .plain-words = no package|no bundle|nothing tied|not bundled|no services|only the number|no plan|no tariff|no|n
    .bundled = Yes, a package or service
    .bundled-words = package|bundle|bundled|data plan|tariff plan|subscription|contract|yes|y
    .unsure = Not sure
    .unsure-words = not sure|i don't know|don't know|no idea|unsure|never checked

q-sim = Which kind of SIM do you have?
    .name = Kind of SIM
    .why = A store wants to see the card. An eSIM or a lost card has to be explained.
    .card = A card, in my hands
    .card-words = physical|physical card|plastic|i have the card|have the sim|card in hand
    .esim = eSIM
    .esim-words = esim|e-sim
    .lost = The card is lost
    .lost-words = lost|lost it|lost the card|card is lost|cannot find the card|stolen|threw it away

q-place = Is the registered holder in Azerbaijan now?
    .name = Place
    .why = In the country a store is open to you. From abroad it is online, in writing, or through someone you trust.
    .in_country = In Azerbaijan
    .in_country-words = azerbaijan|in azerbaijan|baku|in baku|in the country|i am here|here|yes|y
    .abroad = In another country
    .abroad-words = abroad|overseas|china|in china|back home|left the country|outside azerbaijan|another country|not in azerbaijan|no|n

q-leaving = Does the registered holder leave Azerbaijan within a week?
    .name = Leaving
    .why = From abroad there is no store, and everything takes longer. Who leaves soon does this first.
    .soon = Yes, within a week
    .soon-words = yes|y|soon|leaving soon|this week|leaving tomorrow|within a week
    .later = No hurry, or not leaving
    .later-words = no|n|no hurry|not leaving|later|staying|i live here

q-way = Would you rather go to a store, or do it online?
    .name = Way
    .why = Azercell publishes both. A store usually takes a few minutes; online there is a review, which can take longer.
    .store = Go to a store
    .store-words = store|shop|office|go to a store|in person|counter
    .online = Do it online
    .online-words = online|on the internet|in the app|via app|by app

q-helper = Is there someone in Azerbaijan you trust, who could go for you?
    .name = Helper
    .why = Azercell accepts a power of attorney. The helper will hold a copy of your document, so trust matters.
    .trusted = Yes, someone I trust
    .trusted-words = someone there|have a friend there|a friend can go|friend can help|someone can go|have someone|yes|y
    .nobody = No
    .nobody-words = nobody|no one|noone|nobody there|no|n

q-accounts = Which accounts still hang on this number? Pick as many as you like, then tap “That is all”.
    .name = Accounts
    .why = A cancelled number may go to someone else, who then receives your codes. So accounts move first and the number goes last.
    .telegram = Telegram
    .telegram-words = telegram|tg
    .messengers = WeChat, WhatsApp, LINE
    .messengers-words = wechat|whatsapp|line|messenger|messengers
    .email = Mail, Apple, Google
    .email-words = email|e-mail|mail|gmail|google|apple|apple id|icloud
    .money = Banks, payment, exchanges
    .money-words = bank|banks|alipay|paypal|wise|exchange|crypto|payment
    .other = Others (AI, cloud, games…)
    .other-words = chatgpt|openai|claude|cloud|games|domains|social media|other accounts
    .nothing = None
    .nothing-words = nothing|none|no accounts|nothing linked|all moved|no
    .unsure = I cannot recall
    .unsure-words = cannot recall|can't recall|can't remember|not sure|i don't know|don't know|no idea|unsure

q-receives = Does the number still receive text messages?
    .name = Receives texts
    .why = Moving an account often needs one code. Without texts, another way is needed.
    .receiving = Yes
    .receiving-words = it receives|receives texts|can receive|still receives|gets sms|receives sms|yes|y
    .silent = No
    .silent-words = no sms|no texts|no signal|cannot receive|can't receive|does not receive|no|n

q-result = Did the operator give you a written confirmation?
    .name = Result
    .why = Only proof means that it is done. “It is done” without paper may be a closed line only.
    .proven = Yes, I have it
    .proven-words = i have the certificate|got the certificate|got the confirmation|have the proof|got it in writing|yes|y
    .refused = They refused
    .refused-words = refused|they refused|rejected|turned down|turned away
    .waiting = No answer yet
    .waiting-words = no answer|no reply|no answer yet|still waiting|waiting|silence

# ---------------------------------------------------------------- steps

s-identify_network = Find out which operator it is
    .why = Only then is it clear who can cancel the number.
    .do =
        Try these in order; the first that works will do:
        • Put the SIM into a phone and read the network name on the screen.
        • Recall the app or site where you top it up.
        • The e-government portal “Elektron Hökumət” offered a look-up for moved numbers (whether it still does was not checked).
        • The prefix is only a hint: { $prefixes_azercell } began at Azercell, { $prefixes_bakcell } at Bakcell, { $prefixes_nar } at Nar. Numbers can move since { $portability_since }. Naxtel ({ $prefix_naxtel }) stopped on { $naxtel_end }; its numbers went to these three.

        Tell me when you know, and the plan follows at once.
    .note-caspian = We found no operator called “Caspian Mobile”. The guide is most likely mistaken, and your SIM belongs to one of the three above.

s-find_holder = Find out whose name it is in
    .why = Only the registered holder, or someone the holder authorises in writing, can cancel.
    .do =
        • Look for the contract or the packaging and the name on it.
        • Look at the registered data in the operator's app.
        • Otherwise ask the operator. Whether they tell you, and what they ask to see, is not published.

        If it is you, go on. If not, tell me and the plan changes.

s-involve_holder = Bring the registered holder in
    .why = You said the SIM is in someone else's name. That person can cancel it; you cannot.
    .do =
        Show this plan to the holder. Agree that they go, or that they write a power of attorney.
        All papers below are the holder's papers.

s-trace_seller = Try to find the registered holder
    .why = The SIM is in someone else's name, so you cannot cancel it yourself.
    .do =
        • Ask the seller in whose name it is, and whether that person will cancel it or write a power of attorney.
        • Do not send the seller photos of your documents or any codes, and pay nobody for “cancelling for you”.
        • If you find the holder, change your answer here. If not, the steps below protect you while the number lapses.

s-list_accounts = List the accounts on this number
    .why = You could not recall what hangs on it. One that you miss may be lost to you later.
    .do =
        • Search old text messages for “code” and “verification”.
        • Look through your password manager and your sign-up mails.
        • Go through them one by one: Telegram, WeChat, mail, bank, AI, cloud, games.

        Tell me when you have the list, and I say how to move each kind.
    .note-silent = The number no longer receives texts: while some devices are still signed in, open the security settings from there first.

s-save_telegram = Move Telegram to another number first
    .why = A cancelled number may go to someone else, who could get into your account. You may be talking to me from it right now.
    .do =
        Telegram → Settings → tap your number → Change Number. Chats, contacts and files stay.
        • Turn on Two-Step Verification first and set a password. Without it, the next owner of the number may walk right in.
        • A change is refused within { $telegram_change_hours } hours of a fresh login, and when the new number already has an account.
    .note-silent = No texts on the old number: change it now, while you are still signed in. Do not sign out anywhere.

s-save_accounts = Move the other accounts to another number
    .why = After the cancellation you no longer get the codes, and someone else may.
    .do =
        One by one, in the order below. After each, sign in once without the old number to be sure that it works.
    .note-email = Mail, Apple, Google: these first, because they recover the others. Add the new number and an authenticator, keep backup codes, then remove the old number.
    .note-money = Banks, payment, exchanges: change the registered number and check that codes arrive on the new one. If that fails from abroad, ask the bank first.
    .note-messengers = WeChat: Me → Settings → Account Security → Phone. WhatsApp: use “Change Number” before the number is gone. LINE: change it in its settings.
    .note-other = Others: AI, cloud, domains, games, social media. Move each one; delete those you no longer use.
    .note-silent = No texts on the old number: use mail, an authenticator, backup codes or a device still signed in. If nothing works, ask each service; think about reviving the SIM before you cancel it.

s-back_up = Back up what matters
    .why = After the cancellation, what hangs on this number may be gone for good.
    .do =
        • Keep text messages you still need, and the contacts on the SIM.
        • Take screenshots of contract, balance and payments in the operator's app.
        • Note which services ever used this number, in case you must recover one.

s-ask_operator = Ask about the state of the SIM
    .why = Some of your answers were “not sure”. Asking first saves a wasted trip.
    .do = Contact the operator, ask all of these at once, then tell me.
    .note-status = Is the SIM normal, suspended or in arrears?
    .note-balance = What is the balance? Is anything unpaid?
    .note-bundled = Is a package or another paid service tied to it?
    .note-check_azercell = Check from this SIM: prepaid <code>{ $azercell_check_prepaid }</code>, postpaid <code>{ $azercell_check_postpaid }</code>, then the call key.
    .note-check_bakcell = Check the balance from this SIM: <code>{ $bakcell_check }</code>, then the call key. It is free.
    .note-check_nar = Check the balance from this SIM: <code>{ $nar_check }</code>, then the call key. There may be a small charge.

s-read_terms = Read Azercell's rules first
    .why = Rules differ between operators, and they change.
    .do =
        • How to cancel: { $azercell_procedure }
        • When a number is cancelled: { $azercell_rules }

        A browser can translate them. Ask the call centre if anything is unclear.
        Two terms to remember: <b>xəttin bağlanması</b> closes the line and can be undone; <b>nömrənin ləğvi</b> cancels the number. You want the second.

s-ask_procedure = Ask how to cancel
    .why = This operator publishes no cancellation procedure. We do not make one up; please ask.
    .do =
        Ask:
        • How do I cancel the number for good and end the contract (not just close the line)?
        • Which papers are needed? And from foreigners?
        • Is there a fee? From which day does it count?
        • Can it be done online, or by someone else for me?
        • Do I get a written confirmation?
    .note-contract_bakcell = Bakcell's subscriber contract is public. Read its current clauses on ending it: { $bakcell_contract }
    .note-menu_nar = On { $nar_site }, look at “Frequently asked questions” and “Subscriber identification”.

s-settle_arrears = Settle what is owed
    .why = You said the SIM is in arrears. The guide asks that every fee is paid before cancelling.
    .do =
        • Ask how much is owed and what for. Have them write it down.
        • If the sum looks wrong, ask before you pay.
        • Keep the receipt, wait a little, and check the balance again.

        Whether a debt always blocks a cancellation is not published; the operator's word counts.
    .note-fee_azercell = Since { $azercell_fee_since }, an Azercell prepaid number used for less than { $azercell_fee } in a month may be charged a monthly fee of { $azercell_fee }. If the balance is too small, the rest comes off the next top-up.
    .note-credit_nar = A Nar credit is a debt too. Check for free from this SIM: <code>{ $nar_credit_check }</code> and <code>{ $nar_sos_check }</code>, then the call key.

s-lift_suspension = Solve the suspension
    .why = You said the SIM is suspended. That only closes the line. Number and contract still exist, so it is not a cancellation.
    .do =
        • Ask the operator: can the number be cancelled while it is suspended?
        • If not, how is it reopened? Is a top-up or a document needed?
        • Ask what it costs before you top up, and do not add more than that.
    .note-reopen_azercell = Azercell: a line closed for a short time can be reopened by the call centre, online chat or { $azercell_app }. One closed on a written request needs an application and a copy of the ID by mail to customer care.

s-end_bundle = End packages and other services
    .why = You said something is tied to the SIM. The guide asks for nothing bundled.
    .do =
        • Ask the operator to list every paid service on the number.
        • End them one by one. Ask about early-exit costs and from when it counts.
        • Have them confirm that nothing is tied to it any more.

s-use_credit = Use up the balance
    .why = You said there is money left. No published rule says that it is paid back, so treat it as lost if unused.
    .do =
        • Do not top up any more.
        • Use it, or transfer it to a friend on the same operator.
        • When you cancel, ask once more whether the rest is paid back, and have the answer written down.
    .note-transfer_azercell = Azercell lets you transfer { $azercell_transfer } at a time, for a fee.
    .note-transfer_nar = Nar lets you transfer { $nar_transfer } at a time, for a fee, and not while roaming.

s-gather_papers = Get the papers ready
    .why = One missing paper can cost a whole trip. Take all of them.
    .do = Tick each paper below when you have it. It must be valid, and the name must match the registration. Do not send me any documents.
    .note-foreigner = From foreign citizens Azercell asks for the passport and names a registration card for foreigners staying longer than { $azercell_registration_days } days, or a residence permit. Ask the office or the call centre whether a passport alone will do.
    .note-apostille = Power of attorney: Azerbaijan accepts the apostille. Whether the operator takes one made abroad, and whether it must be translated into Azerbaijani, is not published. Ask before you have it made.

s-visit_store = Cancel in the store
    .why = In a store it usually takes a few minutes. It cannot be undone.
    .do =
        • Tell the staff that you want to cancel the retention SIM (<b>nömrənin ləğvi</b>), not close the line.
        • Hand over the ID and the SIM; they check the data.
        • Fill in the form, hand it back and wait a little.
        • Have them check on the spot for debts and paid services.
        • Do not leave without a written confirmation (<b>yazılı təsdiq</b>).
    .note-office_azercell = Look for “Azercell Eksklüziv” or “Müştəri Xidmətləri ofisi”. Opening hours were not found; ask before you go.
    .note-office_bakcell = Look for “Bakcellim ofisi”. Opening hours were not found; ask before you go.
    .note-office_nar = Look for “satış və xidmət mərkəzi”. Opening hours were not found; check the site before you go.
    .note-esim = Yours is an eSIM without a card; say so. Do not delete it yet: deleting is not cancelling.
    .note-lost = The card is lost: tell the staff and report the loss. They decide whether a new card is needed first.
    .note-leaving = You leave soon: finish this step and get the confirmation before you go. From abroad it is far harder.

s-cancel_online = Cancel online
    .why = Azercell says that it can be done in { $azercell_app } too. It cannot be undone.
    .do =
        • Get the app from the official site { $azercell_site } and log in.
        • Find “cancel”, “ləğv” or a similar entry.
        • Follow the prompts, fill in the data, upload the documents. Only ever in the official app.
        • Wait for the review. It is slower than a store, so begin early.
        • Make sure it is <b>nömrənin ləğvi</b> (cancelling), not <b>xəttin bağlanması</b> (closing the line).
        • Stay reachable by phone and mail meanwhile; they may contact you.
    .note-abroad = Whether a number registered on a foreign passport can be cancelled in the app was not found. If there is no such entry, ask <code>{ $azercell_email }</code>; send no documents with the first mail.
    .note-leaving = You leave soon: finish this step and get the confirmation before you go. From abroad it is far harder.

s-write_operator = Ask for the cancellation in writing
    .why = You are abroad and nobody can go for you. No published online way was found for this operator, so writing is the safest. It cannot be undone.
    .do =
        • Write through the customer service of the official site, not to an address from a search.
        • Say that you are the holder, abroad, and want the number cancelled and the contract ended, not the line closed.
        • Ask which papers are needed, whether anything is owed, and whether it can be done from afar.
        • Send no documents with the first message; only when their official address asks.
        • Ask for a written confirmation, and stay reachable meanwhile.

s-send_proxy = Let your helper cancel
    .why = You are abroad, and someone you trust can go. It cannot be undone.
    .do =
        • First ask the operator which power of attorney it accepts, then have it made.
        • It should name: cancelling the number (<b>nömrənin ləğvi</b>), ending the contract, receiving the written confirmation.
        • The helper brings the power of attorney, a copy of your ID and their own ID.
        • Have the helper get the confirmation on the spot and show you a photo.
    .note-online_azercell = Try { $azercell_app } first: if you can cancel there, no power of attorney is needed.

s-let_lapse = Stop topping up and let it lapse
    .why = The holder is out of reach, so no regular way is left. Only after every account has moved.
    .do =
        • Do not top up again, and do not sign up for anything with it.
        • The operator sets the day, and you get no proof.
        • Until then, whoever has the SIM may still receive texts. So the accounts must move first.
        • Does it affect credit or border checks? We found no evidence either way; ask the operator if in doubt.
    .note-lapse_azercell = Azercell: a prepaid number is cancelled when its subscription period ends; a postpaid one when the closed line is not restored within { $azercell_postpaid_months } months. It may then go to someone else, and you are not told.
    .note-lapse_others = Its current periods were not found; look at the official site or ask.

s-confirm_result = Get the written confirmation
    .why = Only proof means that the number is cancelled. A spoken yes may be a closed line only.
    .do =
        • It should show the number, the day, and the operator's name or stamp.
        • A number that no longer answers may just be closed, so the paper is what counts.
        • Photograph it and keep it.

        How did it go?

s-complain_operator = Complain to the operator in writing
    .why = They did not do it, or did not answer. The rules say: the operator first.
    .do =
        • Write when and where you asked, for what, and what they said.
        • Ask for a case number.
        • They should answer within { $complaint_days } working days, or { $complaint_days_checked } if it has to be checked.
    .note-refused = Ask for the reason in writing. A spoken refusal is not enough.
    .note-waiting = Name the day of your first request and add a screenshot.
    .note-address_azercell = Azercell takes complaints by online chat, mail, or post to { $azercell_address }.

s-complain_regulator = Complain to the regulator İKTA
    .why = When the operator refuses or lets the time pass, the regulator is next.
    .do =
        Complain to the operator first, then here: { $regulator_site }
        Add the case number, the messages and the dates.

s-dispose_sim = Dispose of the SIM safely
    .why = In other hands the card could be misused.
    .do = Once you hold the confirmation, cut through the chip and throw it away. Until then, keep it safe.

s-delete_esim = Delete the eSIM
    .why = The eSIM goes last. Deleting it is not cancelling, and you would stop receiving texts.
    .do = Once you hold the confirmation, delete the eSIM in the phone's settings.

# ---------------------------------------------------------------- papers

p-identity = The holder's valid ID (passport or identity card), original
p-residence = Foreign citizens: registration card or residence permit (ask first whether it is needed)
p-sim = The SIM card
p-receipt = Payment receipts, if you have any
p-proxy_letter = Power of attorney (etibarnamə)
p-identity_copy = A copy of the holder's ID, for the helper
p-proxy_identity = The helper's own ID

# ---------------------------------------------------------------- contacts

c-azercell_call_centre = Azercell call centre: <code>{ $azercell_number }</code>, { $azercell_hours }. Only from an Azercell number.
c-azercell_online = Azercell online chat: on { $azercell_site } and in the Azercell app. Works from abroad.
c-azercell_mail = Azercell mail: <code>{ $azercell_email }</code>
c-bakcell_call_centre = Bakcell call centre: <code>{ $bakcell_number }</code>, free. Only from a Bakcell number.
c-bakcell_online = Bakcell: { $bakcell_site } and “{ $bakcell_app }”. No reliable number for other networks or from abroad was found; the site counts.
c-nar_online = Nar: no reliable hotline was found. Use { $nar_site }, the app “{ $nar_app }”, or a Nar service centre.
c-caspian_none = No operator called “Caspian Mobile” was found, so there is no hotline. Find out the network first.
c-from_abroad = Short numbers work only inside their own network. From abroad use the site, chat, mail or app.
c-not_azercell = ⚠️ Some guides print { $fire } as Azercell's hotline. In Azerbaijan that is the <b>fire brigade</b>. Do not dial it.
c-not_bakcell = ⚠️ Some guides print { $police } as Bakcell's hotline. In Azerbaijan that is the <b>police</b>. Do not dial it.
c-not_caspian = ⚠️ Some guides print { $ambulance } as “Caspian Mobile”. In Azerbaijan that is the <b>ambulance</b>. Do not dial it.

# ---------------------------------------------------------------- topics

f-retention = What is a retention SIM?
    .words = what is a retention sim|retention sim|number-retention|what is retention
    .answer =
        It does one thing: it keeps a number yours for little money. Banks and social accounts may be tied to that number.
        People who do not need the number for a while take one, so that it is not recycled or taken by someone else. It suits those who may use it again, or pause the service without losing the number.
        The country's operators offer such cards, each on its own terms. The guide names Azercell, Bakcell and “Caspian Mobile”; the last one we could not find.

f-reasons = Why cancel at all?
    .words = why cancel|why should i cancel|reasons to cancel|is it necessary
    .answer =
        The guide gives four reasons:
        • The number is no longer used: save cost and risk.
        • After a free retention period without a top-up, fees may add up.
        • A number once tied to banks and social accounts can leak data.
        • Numbers are scarce; an idle one is of use to nobody.

f-emergency = Can I call the numbers in the guide?
    .words = { $fire }|{ $police }|{ $ambulance }|{ $rescue }|fire brigade|emergency|numbers in the guide
    .answer =
        No. In Azerbaijan { $fire } is the fire brigade, { $police } the police and { $ambulance } the ambulance. { $rescue } is the hotline of the Ministry of Emergency Situations.
        Some guides print the first three as operator hotlines. That is wrong, and in other countries they may be emergency numbers too.
        “Contacts” shows where to reach your operator.

f-closing = Closing a line or cancelling a number?
    .words = closing or cancelling|close or cancel|is closing the same|difference between closing|closing the line
    .answer =
        Two different things. <b>Closing</b> (xəttin bağlanması) switches the line off; it can be undone, and number and contract remain.
        <b>Cancelling</b> (nömrənin ləğvi) ends the contract and gives the number back.
        Staff may simply close the line, so say which one you mean and get a paper that says “cancelled”.

f-states = How do I see the state of my SIM?
    .words = which state|check the state|check status|check balance|check my balance|how do i check
    .answer =
        The guide knows three states: kept (held normally), suspended (line closed), in arrears (something unpaid).
        Before cancelling, all three must hold: state kept, balance zero or paid, nothing bundled.
        Check from this SIM: Azercell <code>{ $azercell_check_prepaid }</code> (prepaid) or <code>{ $azercell_check_postpaid }</code> (postpaid), Bakcell <code>{ $bakcell_check }</code>, Nar <code>{ $nar_check }</code>.

f-neglect = What if I do nothing?
    .words = do nothing|if i ignore|not cancel|never cancel|cancelled automatically|automatic cancellation
    .answer =
        Azercell writes: a prepaid number is cancelled when its subscription period ends, may go to someone else, and you are not told. Current periods of Bakcell and Nar were not found.
        The risk is not the card but the accounts on it: whoever gets the number gets the codes.
        So even if you never cancel, move your accounts.

f-debt = Does a debt affect credit or the border?
    .words = credit score|credit record|border|entry ban|blacklist|sued|prison
    .answer =
        We found no evidence that a debt on a prepaid number affects credit or border checks, and no assurance that it does not.
        For a certain answer, ask the operator in writing, or the regulator İKTA: { $regulator_site }

f-monthly_fee = What is the small monthly charge?
    .words = monthly fee|monthly charge|service fee|{ $azercell_fee }|manat|azn
    .answer =
        Azercell, since { $azercell_fee_since }: a prepaid number used for less than { $azercell_fee } in a month is charged { $azercell_fee } (tax included). If the balance is too small, the rest comes off the next top-up.
        We found nothing about it being claimed in any other way, or after a cancellation. What the call centre says counts.

f-lapse = Can I just let it lapse?
    .words = let it lapse|let it expire|expire|expires by itself
    .answer =
        You can, with three drawbacks: you do not choose the day, you get no proof, and until then the SIM may still receive texts.
        Azercell cancels prepaid numbers when the subscription period ends. For the other two no current rule was found.
        Move your accounts first in any case.

f-refund = Is the balance paid back?
    .words = refund|money back|paid back|balance back
    .answer =
        No published rule about a refund on cancellation was found, so treat it as lost if unused.
        Check the balance, use it or transfer it; when you cancel, ask once more and have the answer written down.

f-documents = Which papers do I need?
    .words = which papers|which documents|what documents|what papers|what do i need to bring|what to bring
    .answer =
        • The holder's valid ID: passport or identity card
        • The SIM itself
        • Payment receipts, if there are any
        Take all of them. From foreign citizens Azercell also names a registration card or a residence permit. Your own list is under “Papers”.

f-foreigners = Is a passport enough?
    .words = passport enough|only a passport|foreigner|residence permit|no residence
    .answer =
        Azercell writes: passport, and a registration card for foreigners staying longer than { $azercell_registration_days } days, or a temporary or permanent residence permit. Whether both are needed is not clear from the text.
        Please ask first. For Bakcell and Nar no published requirement was found.

f-someone_elses = The SIM is not in my name
    .words = someone else's name|somebody else's|second hand|bought the sim
    .answer =
        Only the registered holder can cancel, or someone with the holder's power of attorney. The law has contracts say that a SIM must not be handed over for good or rented out.
        If you can reach the holder, do it together. If not, move your accounts, stop topping up and let it lapse.

f-proxy = Can someone else do it for me?
    .words = power of attorney|proxy|on my behalf|someone else do it|apostille
    .answer =
        Azercell accepts a power of attorney. The helper brings it, a copy of the holder's ID and their own ID.
        Azerbaijan accepts the apostille since { $apostille_azerbaijan }. Whether they take a letter made abroad, or want it translated, was not found; ask first. Ask Bakcell and Nar too.

f-from_abroad = Can I cancel from abroad?
    .words = cancel from abroad|from abroad|remotely|without going there|without travelling
    .answer =
        Azercell: try { $azercell_app }, ask the online chat or write to <code>{ $azercell_email }</code>, or send someone with a power of attorney. Whether a number on a foreign passport can be cancelled in the app was not found.
        Bakcell and Nar: no published way from afar was found; ask in writing through the site.
        Short numbers do not work from abroad.

f-online = How do I cancel online?
    .words = cancel online|how online|in the app how|is online possible
    .answer =
        Log in to the operator's site or official app → find “cancel” or similar → follow the prompts, fill in the data, upload the documents → wait for the review; then the system completes it.
        It can take longer, so begin early. Only Azercell was found to say that this works.

f-counter = What happens in the store?
    .words = at the counter|in the store what|what happens in the store|what do i say|how long does it take
    .answer =
        Say that you want to cancel the retention SIM → hand over ID and SIM for a check → fill in the form → hand it in and wait a few minutes → get the written confirmation.
        Say clearly: cancel (<b>nömrənin ləğvi</b>), not close.

f-certificate = Why do I need a certificate?
    .words = why certificate|certificate|written confirmation|proof for what
    .answer =
        It shows from which day the number is no longer yours. If someone misuses it or sends a bill later, you have proof.
        Whether operators must issue one was not found, so ask on the spot and put it in your request.

f-reissue = Will someone else get my number?
    .words = someone else get my number|recycled|reissued|reassigned|given to someone
    .answer =
        It may happen. Azercell writes: the number is only for your use, may be given to another subscriber after the contract ends, and you are not told.
        How long they wait was not found. So move the accounts first.

f-unlink = What do I unlink first?
    .words = unlink|what to unlink|move accounts|which accounts first
    .answer =
        A good order: make the list → Telegram, since you may be talking to me from it → mail, Apple, Google → banks, payment, exchanges → WhatsApp, WeChat → AI, cloud, games, social media → sign in to each once without the old number → cancel last.

f-this_chat = My Telegram is on this very number
    .words = my telegram is on this number|telegram uses this number|this very number
    .answer =
        Then do this first: Telegram → Settings → tap your number → Change Number. Your chats stay. Then turn on Two-Step Verification.
        Without that password, the next owner of the number could get into your account.

f-esim = Is deleting the eSIM enough?
    .words = delete the esim|deleting the esim|delete esim|remove the esim
    .answer =
        No. The eSIM only disappears from the phone; number and contract remain, and you stop receiving codes.
        Cancel first, get the proof, delete it last.

f-no_sms = What if it gets no texts?
    .words = gets no texts|no codes arrive|without sms
    .answer =
        Cancelling rests on your ID, not on texts; online it may need a code.
        Moving accounts is the hard part: use mail, an authenticator, backup codes or a device still signed in. If nothing works, revive the SIM before you cancel.

f-which_operator = I forgot the operator
    .words = which operator|what operator|forgot the operator|which network|prefix|portability
    .answer =
        Look at the network name on the phone, or recall the app where you top up. The prefix is only a hint: numbers can move since { $portability_since }.
        Naxtel ({ $prefix_naxtel }) has stopped; its numbers are with Azercell, Bakcell or Nar now.

f-staff_language = Which language do they speak?
    .words = which language|speak english|speak chinese|english support|do they speak
    .answer =
        Which languages the call centres speak was not found. Writing helps: chat and mail can be translated in peace.
        In a store, show your request in Azerbaijani on the phone, and have the answer written down.

f-refused = What if they refuse?
    .words = if they refuse|refuse to cancel|complain|complaint|they ignore me
    .answer =
        First complain to the operator in writing and ask for a case number. They should answer within { $complaint_days } working days, or { $complaint_days_checked } if it has to be checked.
        Then complain to the regulator İKTA: { $regulator_site }

f-terms = Where are the rules?
    .words = terms|rules|subscriber contract|where are the rules
    .answer =
        They differ and change, so look before you act:
        • Azercell: { $azercell_rules }
        • Bakcell contract: { $bakcell_contract }
        • Nar: { $nar_site }

f-stay_reachable = What should I watch out for?
    .words = watch out|keep in mind|anything to note|precautions
    .answer =
        • Back up what matters, in case a service must be recovered.
        • Check the balance first, so that no money is lost.
        • Rules differ between operators; read them first.
        • Stay reachable; the operator may contact you.
        Any doubt: ask the call centre or the store. It is your own interest, so take the time.

f-agents = Are agents who cancel for money safe?
    .words = agent|agents|scam|cancel for money
    .answer =
        Be careful. Cancelling needs the holder's own ID. Handing its photo and codes to a stranger is riskier than keeping the SIM.
        Only let someone you know and trust act for you, with a proper power of attorney.

f-privacy = What do you keep about me?
    .words = privacy|what do you store|what do you keep|my data
    .answer =
        Under this account: the options you picked, ticks, reminders, language and time zone. No names, full numbers, documents or codes, and I never need them.
        Send /export to see it all, and /forget to delete it at once. If you stay away for long, I delete it myself.

# ---------------------------------------------------------------- reminders and zones

o-leaving_store = ⏰ You leave soon, so the store matters most. Shall I remind you tomorrow morning?
o-leaving_online = ⏰ You leave soon, and the review takes time. Shall I remind you tomorrow morning?
o-review = ⏰ Now there is a review to wait for. Shall I remind you in three days to check the result?
o-letter = ⏰ Now their answer takes time. Shall I remind you in a week to check the result?
o-helper = ⏰ Shall I remind you in three days to ask your helper for the result?
o-complaint = ⏰ They have a time limit to answer. Shall I remind you when it is over, in case the regulator is next?

z-baku = Baku
    .words = azerbaijan
z-beijing = Beijing
    .words = shanghai|china
z-taipei = Taipei
    .words = taiwan
z-tokyo = Tokyo
    .words = japan|seoul|korea
z-singapore = Singapore
    .words = hong kong|malaysia
z-bangkok = Bangkok
    .words = thailand|vietnam
z-dubai = Dubai
    .words = emirates|tbilisi|georgia
z-istanbul = Istanbul
    .words = turkey
z-moscow = Moscow
    .words = russia
z-berlin = Berlin
    .words = germany|france|paris|italy|spain
z-london = London
    .words = england|uk
z-new_york = New York
    .words = toronto|eastern time
z-chicago = Chicago
    .words = central time
z-los_angeles = Los Angeles
    .words = vancouver|pacific time
z-sydney = Sydney
    .words = australia

# ---------------------------------------------------------------- the card for the counter

k-greeting = Hello.
k-request = I would like to cancel this number and end the contract: { $number_blank }
k-with_card = Here are my passport and SIM card.
k-with_esim = Here is my passport. This is an eSIM; there is no card.
k-with_nothing = Here is my passport. The SIM card is lost.
k-for_the_holder = The holder is abroad. Here are the power of attorney, a copy of the holder's ID, and my own ID.
k-check = Please check: is there any debt or any active paid service on this number?
k-debt = If there is a debt, please write down the sum. I will pay it.
k-refund = Can the rest of the balance be paid back?
k-cancel = I do not want the line closed temporarily; I want the number cancelled completely.
k-from_when = From which date is the number cancelled?
k-proof = Please give me a written confirmation that the number is cancelled.
k-write_down = I do not speak Azerbaijani. Please write the answer down.
k-thanks = Thank you.

letter =
    Subject: Request to cancel a number

    Dear customer service,

    I am the subscriber of { $number_blank }. I am abroad and cannot come to an office. I would like to cancel this number and end the contract.

    Please tell me:
    • which documents are required;
    • whether there is any debt or active paid service on the number;
    • whether it can be done by mail or with a power of attorney.

    Please send me a written confirmation once the number is cancelled.

    Yours sincerely, (name)
