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
