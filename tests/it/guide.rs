//! Every point of the guide, walked to: asked in words, or met as a question, a step or a paper of somebody's plan.

use simoff::engine::Input;
use simoff::engine::reply::{Reply, View};
use simoff::engine::session::Session;
use simoff::render::{plain, screen};

use crate::talk::{dialogue, monday, turn_at};

/// Where a point is met.
enum Place {
    /// Somebody new asks this.
    Asked(&'static str),
    /// The screen of a step, for somebody with these answers besides the usual ones.
    Step(&'static str, &'static [(&'static str, &'static str)]),
    /// A question and why it is asked.
    Question(&'static str),
}

use Place::{Asked, Question, Step};

/// An Azercell card in their own name, in the country, to be cancelled in the store.
pub fn usual(changed: &[(&str, &str)]) -> Session {
    let mut session = Session::default();
    let usual = [
        ("operator", "azercell"),
        ("holder", "me"),
        ("status", "kept"),
        ("balance", "settled"),
        ("bundled", "plain"),
        ("sim", "card"),
        ("place", "in_country"),
        ("leaving", "later"),
        ("way", "store"),
        ("accounts", "nothing"),
    ];
    for (question, option) in usual.iter().chain(changed) {
        session.answers.insert((*question).into(), [(*option).to_owned()].into());
    }
    session
}

fn read(place: &Place) -> String {
    let graph = &dialogue().graph;
    let (session, reply) = match place {
        Asked(text) => turn_at("zh-Hans", Session::default(), &Input::Text((*text).into()), monday()),
        Step(name, changed) => {
            let session = usual(changed);
            let step = graph.step(name).unwrap();
            assert!(graph.plan(&session.situation(graph).values).contains(&step), "{name} is in the plan");
            (session, Reply { notes: Vec::new(), view: View::Step(step) })
        }
        Question(name) => {
            let question = graph.question(name).unwrap();
            (Session::default(), Reply { notes: Vec::new(), view: View::WhyAsked(question) })
        }
    };
    let screen = screen(dialogue(), "zh-Hans", &session, &reply, monday());
    let labels: Vec<&str> = screen.choices.iter().map(|choice| choice.label.as_str()).collect();
    format!("{}\n{}", plain(&screen.text), labels.join("\n"))
}

#[test]
fn every_point_of_the_guide_is_reached() {
    for (point, place, parts) in [
        ("A1", Asked("什么是保号卡"), &["让号码继续归你用", "银行和社交账号"][..]),
        ("A2", Asked("保号卡是什么?"), &["被收回、被别人拿去"]),
        ("A3", Asked("什么是保号卡"), &["再启用", "暂停服务"]),
        ("A4", Asked("什么是保号卡"), &["Azercell、Bakcell", "Caspian Mobile", "条件各不相同"]),
        ("B1", Asked("为什么要注销"), &["花费和安全风险"]),
        ("B2", Asked("为什么要注销"), &["免费保号期"]),
        ("B3", Asked("为什么要注销"), &["泄露"]),
        ("B4", Asked("为什么要注销"), &["资源"]),
        ("C1", Question("status"), &["保号", "停机", "欠费"]),
        ("C1", Step("lift_suspension", &[("status", "suspended")]), &["停机"]),
        ("C2", Question("balance"), &["余额为零,费用都结清了"]),
        ("C2", Step("settle_arrears", &[("status", "in_arrears")]), &["结清"]),
        ("C3", Question("bundled"), &["捆绑"]),
        ("C3", Step("end_bundle", &[("bundled", "bundled")]), &["退掉"]),
        ("C4", Step("ask_operator", &[("status", "unsure")]), &["*1111", "不要拨"]),
        ("D1", Step("gather_papers", &[]), &["护照或身份证"]),
        ("D2", Step("gather_papers", &[]), &["SIM 卡"]),
        ("D3", Step("gather_papers", &[]), &["缴费凭证"]),
        ("D4", Step("gather_papers", &[]), &["全部带上"]),
        ("E1", Step("visit_store", &[]), &["告诉工作人员"]),
        ("E2", Step("visit_store", &[]), &["核对资料"]),
        ("E3", Step("visit_store", &[]), &["申请表"]),
        ("E4", Step("visit_store", &[]), &["几分钟"]),
        ("F1", Step("confirm_result", &[]), &["证明"]),
        ("F2", Step("dispose_sim", &[]), &["冒用", "剪断"]),
        ("G1", Step("cancel_online", &[("way", "online")]), &["官网", "App"]),
        ("G2", Step("cancel_online", &[("way", "online")]), &["入口"]),
        ("G3", Step("cancel_online", &[("way", "online")]), &["上传证件"]),
        ("G4", Step("cancel_online", &[("way", "online")]), &["等审核"]),
        ("G5", Step("cancel_online", &[("way", "online")]), &["早点办"]),
        ("H1", Step("back_up", &[]), &["万一要找回"]),
        ("H2", Step("use_credit", &[("balance", "credit")]), &["用掉"]),
        ("H3", Step("read_terms", &[]), &["规定"]),
        ("H4", Step("cancel_online", &[("way", "online")]), &["保持手机和邮箱畅通"]),
        ("I1", Asked("注意事项"), &["有疑问,问客服或营业厅"]),
        ("I2", Asked("注意事项"), &["自己的权益"]),
    ] {
        let text = read(&place);
        for part in parts {
            assert!(text.contains(part), "{point}: {part:?} is not in:\n{text}");
        }
    }
}

#[test]
fn the_questions_people_ask_are_answered() {
    // The twelve of the facts page, in the words of the people.
    for (question, part) in [
        ("不充值会怎样?会不会欠费", "注销"),
        ("欠费会影响征信或入境吗", "没有查到任何依据"),
        ("人在国外能注销吗", "委托别人"),
        ("只有护照够不够", "居留许可"),
        ("卡不是我的,闲鱼买的怎么办", "登记"),
        ("余额能退吗", "没有查到"),
        ("会不会被二次放号", "不会通知你"),
        ("注销前要解绑什么", "清单"),
        ("我的tg就是这个号怎么办", "更改号码"),
        ("删除esim等于注销吗", "不等于"),
        ("客服会英语吗", "没有查到"),
        ("收不到短信怎么办", "验证器"),
        ("忘了是哪家运营商", "网络名称"),
        ("每月扣马纳特是什么钱", "月服务费"),
    ] {
        let text = read(&Asked(question));
        assert!(text.contains(part), "{question}: {part:?} is not in:\n{text}");
    }
}

#[test]
fn every_branch_of_the_situation_is_walked_to() {
    for (place, parts) in [
        // Not in the person's name.
        (Step("involve_holder", &[("holder", "reachable")]), &["能注销的是他", "授权委托书"][..]),
        (Step("trace_seller", &[("holder", "unreachable")]), &["自己注销不了", "别把自己的证件照片"]),
        (Step("find_holder", &[("holder", "unsure")]), &["只有登记的机主", "没有查到公开说明"]),
        (Step("send_proxy", &[("place", "abroad"), ("helper", "trusted")]), &["委托书写明", "机主证件的复印件"]),
        (Step("gather_papers", &[("place", "abroad"), ("helper", "trusted")]), &["海牙认证", "没有查到,请先问"]),
        // An eSIM is not cancelled by deleting it.
        (Step("visit_store", &[("sim", "esim")]), &["删掉不等于注销"]),
        (Step("delete_esim", &[("sim", "esim")]), &["最后才删"]),
        (Step("visit_store", &[("sim", "lost")]), &["挂失"]),
        // Abroad, alone.
        (
            Step("cancel_online", &[("place", "abroad"), ("helper", "nobody")]),
            &["外国护照", "没有查到", "第一封信不要附证件"],
        ),
        (
            Step("write_operator", &[("operator", "bakcell"), ("place", "abroad"), ("helper", "nobody")]),
            &["人在国外", "不是停机"],
        ),
        // Prefixes are a hint, and Naxtel is no more.
        (Step("identify_network", &[("operator", "unsure")]), &["号段只是线索", "060", "携号转网"]),
        (Step("identify_network", &[("operator", "caspian_mobile")]), &["没有查到名叫「Caspian Mobile」的运营商"]),
        // No texts any more.
        (Step("save_telegram", &[("accounts", "telegram"), ("receives", "silent")]), &["别退出任何设备"]),
        (Step("save_accounts", &[("accounts", "money"), ("receives", "silent")]), &["备用代码", "先问银行"]),
        (Step("list_accounts", &[("accounts", "unsure"), ("receives", "silent")]), &["安全设置"]),
        // Letting it lapse.
        (Step("let_lapse", &[("holder", "unreachable")]), &["不会收到证明", "没有查到任何依据", "使用期结束后注销"]),
        (Step("let_lapse", &[("holder", "unreachable"), ("operator", "nar")]), &["现行的期限没有查到"]),
        (Asked("自然失效行不行"), &["没有书面证明", "哪天失效不由你定"]),
        // The monthly fee, and closing against cancelling.
        (Asked("每月扣的是什么"), &["2 AZN", "没有查到会用别的方式追讨"]),
        (Asked("停机和注销有什么不同"), &["nömrənin ləğvi", "xəttin bağlanması"]),
        // Refused, or silence.
        (Step("complain_operator", &[("result", "refused")]), &["拒绝的理由", "受理编号", "15 个工作日"]),
        (Step("complain_operator", &[("result", "waiting")]), &["第一次申请的日期"]),
        (Step("complain_regulator", &[("result", "refused")]), &["先向运营商投诉过"]),
        // Azercell publishes a procedure; Bakcell and Nar do not.
        (Step("read_terms", &[]), &["azercell.com"]),
        (Step("ask_procedure", &[("operator", "bakcell")]), &["没有公开的注销流程", "要什么证件", "书面证明"]),
        (Step("ask_procedure", &[("operator", "nar")]), &["没有公开的注销流程", "Frequently asked questions"]),
    ] {
        let text = read(&place);
        for part in parts {
            assert!(text.contains(part), "{part:?} is not in:\n{text}");
        }
    }
}
