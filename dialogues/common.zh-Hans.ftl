# 所有对话共用的话。

language-name = 简体中文

# ---- 听懂人话用的词,用 | 分开
words-yes = 有|能|在|是|是的|对|对的|好|好的|嗯|确定|确认|可以|行
words-no = 没|不能|不在|不|不是|不对|不要|算了|取消|没有
words-done = 完成|完成了|办好了|做好了|做完了|搞定|搞定了|好了|已完成
words-negation = 不|没|没有|未|别|非
words-question = 吗|么|呢|什么|怎么|怎样|如何|为什么|能不能|会不会|要不要|多久|哪里|哪些|可以吗|?
words-secret = 验证码|密码|口令|pin|puk|passcode|password

# ---- 命令
cmd-start = 开始,或从上次的地方继续
    .words = 开始|继续|回来了
cmd-plan = 我的步骤清单
    .words = 计划|清单|步骤|进度
cmd-papers = 要准备的证件
    .words = 证件|材料|证件清单
cmd-hotline = 运营商的联系方式
    .words = 客服|热线|电话|客服电话|联系方式
cmd-remind = 设一个提醒
    .words = 提醒|提醒我|设提醒
cmd-reminders = 我的提醒
    .words = 我的提醒|提醒列表
cmd-card = 给柜台看的双语卡片
    .words = 卡片|给柜台看|柜台卡片
cmd-pack = 离线清单(一个网页文件)
    .words = 离线|离线包|打包|下载清单
cmd-topics = 常见问题
    .words = 问题|常见问题|话题
cmd-answers = 查看或修改我的回答
    .words = 修改|改答案|修改答案|我的答案|我的回答|返回|上一步
cmd-language = 换一种语言
    .words = 语言|换语言
cmd-timezone = 换时区
    .words = 时区|换时区
cmd-code = 取一个恢复码
    .words = 恢复码|取恢复码|备份码
cmd-restore = 用恢复码接着办
    .words = 恢复|用恢复码
cmd-export = 导出你存的关于我的一切
    .words = 导出|导出数据
cmd-forget = 删除我的全部记录
    .words = 删除|删除记录|忘记我|清除
cmd-help = 怎么用
    .words = 帮助|怎么用|救命

# ---- 提问
ask-progress = 问题 { $number } / { $total }
ask-many-hint = 已选:{ $list }
ask-unasked = 这一题对你的情况不重要,答案我先留着。
ask-current = 你现在的回答:{ $value }

# ---- 插话
note-welcome-back = 欢迎回来,你的进度都在。
note-noted = 记下了:{ $list }。
note-changed = 改好了:{ $list }。
note-kept = 好,保持原样。
note-ticked = ✅ 完成:{ $name }
note-unticked = 已取消勾选:{ $name }
note-too-early = ⚠️ 这一步不能反悔,可它前面还有没做的:{ $list }。请尽快补上。
note-not-understood = 这句我没看懂,不过你之前的回答都在。可以点下面的选项,或者换个说法。
note-outdated = 这个按钮来自旧版本,已经不用了。下面是现在的进度。
note-sensitive = ⚠️ 这看起来像号码、证件号或验证码。我没有保存,请把那条消息删掉。我只需要你选答案。
note-unsupported-picture = 我看不了图片。请不要发证件照片,建议把它删掉。用文字说,或者点按钮就好。
note-unsupported-voice = 我听不了语音。请打字,或者点按钮。
note-unsupported-other = 这种消息我看不懂。请打字,或者点按钮。
note-sensitive-file = ⚠️ 请不要发文件或名片,里面可能有个人资料。我没有保存,请把它删掉。
note-plan-not-ready = 再答完剩下的问题,清单就好了。
note-forgotten = 全部删掉了,什么都没留下。想重新开始,发送 /start。
note-started-over = 好,我们从头来。
note-step-gone = 这一步已经不在你的计划里了。
note-language-set = 好,接下来用简体中文。
note-our-fault = 刚才我这边出了错,你说的那一句没有处理成。请再说一次;之前的进度都在。
toast-retrying = 保存得有点慢，正在重试，好了就会更新。
note-nothing-open = 没有正在等你确认的事。
note-unknown-command = 没有这个命令。发送 /help 看看能做什么。

did-you-mean = 你的意思是不是:
none-of-these = 都不是

# ---- 计划
plan-title = 你的注销计划
plan-closed = 🎉 号码已注销,证明也在手上。下面是最后的收尾。
plan-all-closed = 🎉 全部完成。号码已注销,证明在手,可以放心了。
plan-all-ticked = 步骤都勾完了。
plan-progress = 已完成 { $done } / { $total }
plan-next = 👉 下一步:{ $name }
plan-papers = 证件:备好 { $done } / { $total }
step-number = 第 { $number } 步,共 { $total } 步
step-not-yet = ⚠️ <b>先别做这一步。</b>它不能反悔,先完成:{ $list }
step-irreversible = ❗ 这一步不能反悔。
step-why = 为什么有这一步:{ $value }
step-papers = 要带的:
step-contacts = 联系:
why-because = 因为你说:
why-always = 不管什么情况都要做这一步。
why-change = 下面哪一条不对,选它就能改。
confirm-ask = 改成「{ $value }」的话,计划会变:
confirm-leaves = ➖ 不再需要:{ $name }
confirm-leaves-done = ➖ 不再需要:{ $name }(你已经完成)
confirm-comes = ➕ 新增:{ $name }

# ---- 其他页面
papers-title = 要准备的证件
papers-maybe = 回答完问题才能确定。可能要用到:
papers-none = 你的情况不需要准备证件。
papers-hint = 备好一件,选一下,就打上勾。不要把证件发给我。
contacts-title = 怎么联系运营商
topics-title = 你可能想问
answers-title = 你的回答
answers-none = 你还没有回答任何问题。
answers-hint = 选一条就能改。
languages-title = 请选语言
forget-ask = 要把你的回答、勾选和进度全部删除吗?删了就找不回来。
help =
    <b>怎么用</b>
    • 点按钮,或者直接打字,比如「我的卡欠费了」。一句话里说几件事也行。
    • 随时可以改答案:计划会跟着变,勾过的不会丢。
    • 随时可以提问,问完接着原来的地方。

    不要发姓名、完整号码、证件或验证码。

# ---- 按钮
btn-plan = 📋 计划
btn-papers = 🪪 证件
btn-hotline = ☎️ 客服
btn-topics = ❓ 常见问题
btn-answers = ✏️ 改答案
btn-back = ↩️ 继续
btn-done = ✅ 这步做完了
btn-undo = ↩️ 还没做完
btn-next = 👉 { $name }
btn-why = 🔍 为什么有这一步
btn-know = 💡 我知道了:{ $name }
btn-finish = 👌 选好了
btn-apply = ✅ 改
btn-keep = ↩️ 不改
btn-start-over = 🔄 从头开始
btn-forget-yes = 🗑 全部删除
btn-forget-no = ↩️ 不删
btn-why-asked = 💬 为什么问这个

# ---- 提醒
zone-guess = Asia/Shanghai
weekday-names = 周一|周二|周三|周四|周五|周六|周日
note-reminder-set = ⏰ 好,到时提醒你「{ $name }」:{ $value }
note-reminder-cancelled = 好,这个提醒取消了。
note-reminder-gone = 这个提醒已经没有了。
note-too-many-reminders = 提醒太多了。先取消几个,再设新的。
note-zone-set = 好,按{ $zone }时间,现在是 { $time }。
trouble-past = 这个时间已经过去了。说一个以后的时间吧。
trouble-no-such-day = 日历上没有这一天。换一个日期吧。
trouble-no-such-time = 没有这个钟点。换一个时间吧。
trouble-too-far = 太远了,我最多记一年。换一个近一点的日期吧。
trouble-ambiguous = 这个钟点今天已经过了。你是说哪一个?
remind-title = 提醒你什么?
remind-about-hotline = 联系运营商
remind-about-papers = 还缺的证件
when-ask = 什么时候提醒「{ $name }」?
when-hint = 点一个,或者直接打字,比如「明天早上九点」「三天后」「两小时后」。
when-echo = { $date } { $weekday } { $time }({ $zone })
when-echo-both = { $date } { $weekday } { $time }({ $zone }),{ $home }是 { $other }
zones-title = 你现在在哪里?
zones-confirm = 你那边现在是 { $time }({ $zone }时间),对吗?不对就在下面选,或者直接打城市名。
reminders-title = 你的提醒
reminders-none = 还没有提醒。
reminders-hint = 选一条,可以改时间、取消,或者存成日历文件。
due-title = ⏰ 提醒
due-late = ⏰ 迟到的提醒(该说的时候我不在线,抱歉)
due-hotline = 该联系运营商了:
due-papers = 还缺这些证件:
due-step = 该做这一步了:<b>{ $name }</b>
calendar-note = 这是日历文件。打开它,手机日历就会记下这个提醒。
btn-remind = ⏰ 提醒我
btn-reminders = 🗓 我的提醒
btn-hour = 一小时后
btn-evening = 今天晚上
btn-tomorrow = 明天早上
btn-three-days = 三天后
btn-monday = 下周一
btn-change-time = 🕘 改时间
btn-cancel-reminder = 🗑 取消
btn-calendar = 🗓 存成日历文件
btn-not-needed = 🙅 不用了
btn-zone-yes = ✅ 对
btn-timezone = 🌏 换时区
terminal-file = (已写到文件 { $name })

# ---- 听懂时间用的词
time-second = 秒|秒钟
time-minute = 分钟|分
time-hour = 个小时|小时|个钟头|钟头
time-day = 天|日
time-week = 个星期|个礼拜|周|星期|礼拜
time-month = 月
time-month-day = 日|号
time-in = 过|再过|等
time-later = 后|以后|之后
time-today = 今天|今日
time-tomorrow = 明天|明日|明儿
time-after-tomorrow = 后天
time-morning = 早上|早晨|上午|清晨
time-noon = 中午
time-afternoon = 下午
time-evening = 晚上|傍晚|今晚
time-am = 凌晨
time-pm = 夜里
time-next = 下|下个
time-oclock = 点|点钟|时
time-half = 半|半个
time-remind = 提醒|提醒我|叫我
time-hotline = 打电话|客服|热线|联系运营商
time-papers = 证件|材料|带证件
time-filler = 在|请|的|去|我|准备|给
time-weekdays = 周一/星期一/礼拜一|周二/星期二/礼拜二|周三/星期三/礼拜三|周四/星期四/礼拜四|周五/星期五/礼拜五|周六/星期六/礼拜六|周日/周天/星期日/星期天/礼拜天
time-numbers = 一|二/两|三|四|五|六|七|八|九|十|十一|十二

# ---- 来源
sources-title = 「{ $name }」的依据
sources-none = 这里没有引用具体的数字或地址,内容来自注销教程和我们自己的建议。拿不准,就问运营商。
source-official = 来自运营商或政府的官方页面:{ $value }(我们 { $date } 核对过)
source-news = 来自新闻报道:{ $value }(我们 { $date } 核对过)
source-third-party = 来自第三方资料:{ $value }(我们 { $date } 核对过)
source-stale = 过了复核的日子,可能变了,请问运营商。
stale-note = 这里有些内容过了复核的日子,可能变了,请向运营商确认。
btn-sources = 🔗 依据

# ---- 卡片与离线包
card-title = 给柜台看
card-hint = 把上面这段给工作人员看,点一下就能复制。号码请在别处填好,不要发给我。
card-own = 意思是:
pack-note = 这是你的离线清单:步骤、证件、联系方式和给柜台看的卡片,没有网络也能打开,也能打印。
pack-made = 由 simoff 制作,{ $date }。计划会变,请以最新的为准。
pack-letter = 给运营商的信
pack-letter-hint = 空白处自己填。第一封信不要附证件。
pack-sources = 依据
btn-card = 🗂 给柜台看
btn-pack = 📦 离线清单

# ---- 终端
terminal-hint = 输入编号,或者直接说。/help 看帮助,Ctrl-D 退出。
terminal-reloaded = (对话内容已更新)

# ---- 恢复码与导出
step-code = 🔑 先点「恢复码」取一个。万一这个账号跟着号码没了,换个账号也能接着办。
code-title = 🔑 你的恢复码
code-hint =
    抄下来,存在这个账号以外的地方。
    在别的账号里发送 /restore 加上这个码,清单、答案和提醒都会搬过去。
    { $number } 天内有效,只能用一次。再取一个,旧的就作废。
note-restored = 🔑 找回来了,接着办吧。提醒也搬到了这里,原来那边已经清空。
note-code-unknown = 这个恢复码不对,或者用过了、过期了。请核对再发一次。
note-code-misread = 请发送 /restore,空一格,再写恢复码。恢复码是四组,每组四个字母或数字。
note-too-many-codes = 试得太多了。请过一个小时再试。
note-nothing-to-keep = 你还没有回答过问题,现在还不用恢复码。
note-content-changed = 📣 资料更新了,你的计划跟着变了:
note-content-asks = 📣 资料更新了,要再问你一件事,才能排好计划。
export-note = 📄 这是我存的关于你的一切:答案、勾选、提醒,没有别的。
group-private = 我只在私聊里说话。点下面的按钮,我们单独聊。

# ---- 按钮(续)
btn-code = 🔑 恢复码
btn-group = 💬 私聊

# ---- 给运营者
admin-stats = 数字
admin-nobody = 没有人的计划因为内容更新而改变,不需要通知谁。
admin-announce = 内容更新会改变 { $number } 个人的计划(一共 { $total } 人)。每个人会收到自己语言的变化说明,不急,慢慢发。
admin-begun = 开始发了。发完告诉你。
admin-done = 发完了:{ $number } 人。
btn-announce = 📣 开始通知

# ---- 网页
web-skip = 跳到输入框
web-talk = 对话
web-write = 输入你想说的
web-example = 也可以打字,例如:我的卡欠费了
web-send = 发送
web-menu = 菜单
web-you = 你说:
web-file = ⬇️ 保存 { $name }
web-note = 请不要输入姓名、完整号码、证件号或验证码。进度只记在这个浏览器里;换设备前,先在菜单里取一个恢复码。
web-offline = 连不上服务器。请看看网络,过一会儿再试;之前的回答都在。
web-too-fast = 太快了。请等几秒再试;之前的回答都在。
web-trouble = 我们这边出了点问题,刚才那一下没有记下。请过一会儿再试;之前的回答都在。
web-foreign = 这不是从本页面发来的,所以没有处理。请回到页面再按一次。
web-lost = 这里没有东西。
