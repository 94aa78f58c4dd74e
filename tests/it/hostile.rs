//! What real chats throw at a bot: each case has its polite outcome, in polling and in webhook mode.

use serde_json::json;

use crate::fake_telegram::{Chat, Fake, Fault};
use crate::telegram::{Bot, Mode, expect, in_both_modes, wait_until_said};

in_both_modes! {
    every_kind_of_message_has_its_outcome,
    what_nobody_said_to_us_is_not_answered,
    buttons_from_anywhere_have_their_outcome,
    groups_are_shown_the_way_and_otherwise_left_alone,
    people_come_and_go,
    twenty_messages_at_once_are_all_heard_in_order,
}

/// A chat in which the operator is known, and the holder is asked.
async fn begun(fake: &Fake, id: i64) -> Chat {
    let chat = fake.chat(id, "zh-hans");
    chat.say("/start bakcell").await;
    chat
}

const HERE: &str = "登记在谁的名下";

async fn every_kind_of_message_has_its_outcome(mode: Mode) {
    let fake = Fake::start().await;
    let _bot = Bot::start_as(&fake, mode);
    let future = json!([{"type": "from_the_future", "offset": 0, "length": 1, "unix_time": 1}]);
    let origin = json!({"type": "hidden_user", "sender_user_name": "x", "date": 1});
    for (id, (case, content, answers)) in [
        ("unknown entities", json!({"text": "停机了", "entities": future}), &["卡的状态 = 已停机", HERE][..]),
        ("photo", json!({"photo": [{"file_id": "x"}]}), &["我看不了图片", HERE]),
        (
            "photo with words",
            json!({"photo": [{"file_id": "x"}], "caption": "欠费"}),
            &["我看不了图片", "卡的状态 = 欠费"],
        ),
        ("video", json!({"video": {"file_id": "x"}}), &["我看不了图片", HERE]),
        ("voice", json!({"voice": {"file_id": "x"}}), &["我听不了语音", HERE]),
        ("document", json!({"document": {"file_id": "x"}}), &["请不要发文件或名片", HERE]),
        (
            "contact",
            json!({"contact": {"phone_number": "+994501234567", "first_name": "x"}}),
            &["请不要发文件或名片", HERE],
        ),
        ("sticker", json!({"sticker": {"emoji": "👍"}}), &["这种消息我看不懂", HERE]),
        ("poll", json!({"poll": {"id": "1", "question": "x"}}), &["这种消息我看不懂", HERE]),
        ("dice", json!({"dice": {"emoji": "🎲", "value": 1}}), &["这种消息我看不懂", HERE]),
        ("location", json!({"location": {"latitude": 39.9, "longitude": 116.4}}), &["北京"]),
        ("forwarded", json!({"text": "欠费了", "forward_origin": origin}), &["卡的状态 = 欠费", HERE]),
        ("number", json!({"text": "+994 50 123 45 67"}), &["我没有保存", HERE]),
        ("a wall", json!({"text": "墙".repeat(4096)}), &["这句我没看懂", HERE]),
        ("emoji and right to left", json!({"text": "\u{202e}<b>&</b>👨‍👩‍👧 مرحبا"}), &["这句我没看懂", HERE]),
        ("another bot's command, in private", json!({"text": "/plan@other_bot"}), &[HERE]),
        ("unknown command", json!({"text": "/nonsense"}), &["没有这个命令", HERE]),
    ]
    .into_iter()
    .enumerate()
    {
        let chat = begun(&fake, 100 + i64::try_from(id).unwrap()).await;
        let before = chat.revision();
        chat.post_message(content);
        let answer = chat.answer_after(before).await;
        for part in answers {
            assert!(answer.text.contains(part), "{case}: {part:?} is not in {answer:#?}");
        }
    }
    // Changed words are said anew: what they say now counts.
    let chat = begun(&fake, 90).await;
    let before = chat.revision();
    chat.edit("欠费了");
    expect(&chat.answer_after(before).await, &["卡的状态 = 欠费"]);
    // An album is answered once, and the next one again.
    let chat = begun(&fake, 91).await;
    for album in ["a", "b"] {
        for _ in 0..10 {
            chat.post_message(json!({"photo": [], "media_group_id": album}));
        }
    }
    chat.post("/answers");
    chat.until_there_are(4).await;
    assert_eq!(chat.messages().len(), 4, "{:#?}", chat.messages());
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn what_nobody_said_to_us_is_not_answered(mode: Mode) {
    let fake = Fake::start().await;
    let bot = Bot::start_as(&fake, mode);
    let chat = begun(&fake, 7).await;
    let said = chat.messages().len();
    for content in [
        json!({"pinned_message": {"message_id": 1}}),
        json!({"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}}),
        json!({"write_access_allowed": {}}),
        json!({"users_shared": {"request_id": 1, "users": []}}),
    ] {
        chat.post_message(content);
    }
    let private = json!({"id": 7, "type": "private"});
    for update in [
        json!({"from_the_future": {"secret": "s3cr3t"}}),
        json!({"channel_post": {"message_id": 1, "date": 1, "chat": {"id": -9, "type": "channel"}, "text": "s3cr3t"}}),
        json!({"message": "s3cr3t"}),
        json!({"message": {"message_id": "s3cr3t"}}),
        json!({"message": {"message_id": 1, "chat": private, "from": {"id": 8, "is_bot": true}, "text": "s3cr3t"}}),
        json!({"edited_message": {"message_id": 1, "chat": private, "location": {"latitude": 1, "longitude": 1}}}),
    ] {
        fake.push(update);
    }
    fake.confirmed().await;
    chat.say("/answers").await;
    assert_eq!(chat.messages().len(), said + 1, "{:#?}", chat.messages());
    assert!(!bot.log().contains("s3cr3t"));
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn buttons_from_anywhere_have_their_outcome(mode: Mode) {
    let fake = Fake::start().await;
    let bot = Bot::start_as(&fake, mode);
    let chat = begun(&fake, 7).await;
    let old = chat.last();
    // A button of a week ago is an edit, and its message takes the new screen.
    chat.say("我自己").await;
    let before = chat.revision();
    let unreachable = old.buttons.iter().find(|(label, _)| label.contains("联系不上")).unwrap();
    chat.press_raw(old.id, &unreachable.1);
    chat.answer_after(before).await;
    expect(&chat.messages()[0], &["改好了", "登记人 = 卖家或陌生人,联系不上"]);
    // A message that is gone, or too old to be changed: a new one.
    let before = chat.revision();
    chat.press_raw(99_999, "v:answers:");
    expect(&chat.answer_after(before).await, &["登记人 = 卖家"]);
    // Forged or mutilated payloads.
    for data in ["", "x", "a:operator:vodafone:0000", "a:gone:x:0000", "v:step:gone", "t:s:gone:+:", "admin:announce"] {
        let before = chat.revision();
        chat.press_raw(chat.last().id, data);
        chat.answer_after(before).await;
    }
    // Two devices tap at the same instant: both count, in one order or the other, and the last screen is the last tap's.
    let chat = begun(&fake, 8).await;
    let screen = chat.last();
    for (label, _) in [("我自己", 0), ("联系得上", 1)] {
        let data = &screen.buttons.iter().find(|(text, _)| text.contains(label)).unwrap().1;
        chat.press_raw(screen.id, data);
    }
    fake.confirmed().await;
    chat.all_answered().await;
    wait_until_said(&bot).await;
    expect(&chat.say("/answers").await, &["登记人 = 别人,我联系得上"]);
    // A button of no message, and one that somebody else's group holds.
    let callback = chat.new_callback();
    fake.push(json!({"callback_query": {"id": callback, "from": chat.from(), "chat_instance": "1", "inline_message_id": "x", "data": "r"}}));
    chat.all_answered().await;
    assert!(fake.toast(&callback).unwrap().contains("私聊"), "{:?}", fake.toast(&callback));
    let group = fake.group(-1_005, "en");
    group.press_raw(1, "r");
    group.all_answered().await;
    assert_eq!(group.messages(), []);
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn groups_are_shown_the_way_and_otherwise_left_alone(mode: Mode) {
    let fake = Fake::start().await;
    let bot = Bot::start_as(&fake, mode);
    let group = fake.group(-77, "en");
    for text in ["hello", "/plan", "/start@other_bot", "my card is in arrears", "/help@simoff_bot"] {
        group.post(text);
    }
    group.post_message(json!({"new_chat_members": [{"id": 4, "is_bot": true}]}));
    group.post_message(json!({"migrate_to_chat_id": -10_077}));
    fake.push(json!({"my_chat_member": {
        "chat": {"id": -77, "type": "group"}, "from": group.from(), "date": 1,
        "old_chat_member": {"status": "left"}, "new_chat_member": {"status": "member"},
    }}));
    fake.confirmed().await;
    assert_eq!(group.messages(), []);
    for text in ["/start", "/start@simoff_bot", "/start@Simoff_Bot azercell"] {
        let answer = group.say(text).await;
        expect(&answer, &["only talk in private"]);
        assert_eq!(answer.buttons, [("💬 Talk in private".into(), "https://t.me/simoff_bot?start=group".into())]);
    }
    // The group becomes a supergroup between the question and the answer.
    let supergroup = fake.group(-10_077, "en");
    supergroup.open();
    fake.fail("sendmessage", [Fault::Migrated(-10_077)]);
    let before = supergroup.revision();
    group.post("/start");
    expect(&supergroup.answer_after(before).await, &["only talk in private"]);
    // Nothing of a group is stored, and who follows the way is greeted.
    let stored = crate::telegram::count(&bot.database(), "session");
    assert_eq!(stored, 0);
    expect(&fake.chat(5, "en").say("/start group").await, &["Hello, I am simoff", "Which operator"]);
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn people_come_and_go(mode: Mode) {
    let fake = Fake::start().await;
    let bot = Bot::start_as(&fake, mode);
    for (id, gone) in [(7, None), (8, Some(Fault::Deactivated)), (9, Some(Fault::Forbidden))] {
        let chat = fake.chat(id, "en");
        for words in ["/start azercell", "/remind", "1", "tomorrow at 10", "Baku"] {
            chat.say(words).await;
        }
        expect(&chat.say("/reminders").await, &["Contact the operator"]);
        match gone {
            // Blocked: Telegram says so by itself.
            None => drop(chat.block(true)),
            // Found out when something is to be said.
            Some(fault) => {
                let sent = fake.calls().iter().filter(|call| *call == "sendmessage").count();
                fake.fail("sendmessage", [fault]);
                chat.post("/plan");
                fake.call_after("sendmessage", sent).await;
            }
        }
        fake.confirmed().await;
        wait_until_said(&bot).await;
        // Back again: the talk is there, the reminders are not.
        chat.block(false);
        expect(&chat.say("/reminders").await, &["none yet"]);
        expect(&chat.say("/answers").await, &["Operator = Azercell"]);
    }
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn twenty_messages_at_once_are_all_heard_in_order(mode: Mode) {
    let fake = Fake::start().await;
    let bot = Bot::start_as(&fake, mode);
    let chat = fake.chat(7, "zh-hans");
    chat.say("/start").await;
    let words = ["Azercell", "我自己", "欠费", "没有套餐", "实体卡", "在阿塞拜疆", "不急", "去营业厅", "电报", "银行"];
    let words = words.iter().chain(&[
        "余额能退吗",
        "墙",
        "/plan",
        "/answers",
        "收得到",
        "/topics",
        "/help",
        "/papers",
        "/hotline",
        "/plan",
    ]);
    for text in words {
        chat.post(text);
    }
    fake.confirmed().await;
    wait_until_said(&bot).await;
    // The newest replies arrive, in order; those that they supersede need not.
    let messages = chat.messages();
    assert!((1 + 4..=21).contains(&messages.len()), "{messages:#?}");
    for (message, part) in
        messages[messages.len() - 4..].iter().zip(["怎么用", "证件", "怎么联系运营商", "你的注销计划"])
    {
        assert!(message.text.contains(part), "{part:?} is not in {message:#?}");
    }
    let all = chat.say("/answers").await;
    for answer in ["运营商 = Azercell", "登记人 = 我自己", "卡的状态 = 欠费", "离开时间 = 不急", "能否收短信 = 收得到"]
    {
        expect(&all, &[answer]);
    }
    assert_eq!(fake.violations(), Vec::<String>::new());
}
