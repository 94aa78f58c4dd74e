# 简体中文:原文。其他语言从这里翻译。
# 句子里不写数字和网址;它们在 facts.toml 里,用 { $名字 } 引用。

profile-name = simoff 保号卡注销助手
profile-short = 帮你稳妥注销阿塞拜疆保号卡:几个问题,一份清单,到点提醒。不收证件,不收号码。
profile-description =
    我帮你把阿塞拜疆的保号卡稳妥地注销掉。

    • 问几个简短的问题,给你一份只属于你的步骤清单
    • 提醒你先把账号搬走,再去注销
    • 备好给柜台看的双语卡片、证件清单和可靠的联系方式
    • 每条信息都写明出处和核对日期;没有查到的,就说没有查到

    免费。不需要你的姓名、完整号码、证件或验证码。不是运营商的官方机器人。

welcome =
    你好,我是 simoff,帮你把阿塞拜疆的保号卡稳妥地注销掉。

    我先问几个简短的问题,再给你一份只属于你的步骤清单。点按钮,或者直接用自己的话说,都可以。随时能改。

    不用告诉我姓名、完整号码、证件号或验证码,我不需要,也不会保存。

# ---------------------------------------------------------------- 问题

q-operator = 这张卡是哪家运营商的?
    .name = 运营商
    .why = 每家的注销办法和客服都不一样。号码可以携号转网,所以不要只看号段。
    .azercell = Azercell
    .azercell-words = azercell|azersel|азерселл
    .bakcell = Bakcell
    .bakcell-words = bakcell|baksel|бакселл
    .nar = Nar
    .nar-words = nar|nar mobile|azerfon|нар
    .caspian_mobile = Caspian Mobile
    .caspian_mobile-words = caspian mobile|caspian|里海移动
    .unsure = 不确定
    .unsure-words = 不确定|不知道|不清楚|忘了|不记得|哪家都不知道

q-holder = 这张卡登记在谁的名下?
    .name = 登记人
    .why = 只有登记的机主能注销,或者由机主书面授权的人去办。
    .me = 我自己
    .me-words = 我自己|本人|我名下|我的名下|我的名字|我本人|自己名下
    .reachable = 别人,我联系得上
    .reachable-words = 联系得上|朋友名下|家人名下|别人名下|同事名下|亲戚名下
    .unreachable = 卖家或陌生人,联系不上
    .unreachable-words = 联系不上|陌生人|卖家|卡商|闲鱼|淘宝|网上买的|不是我名下|不在我名下
    .unsure = 不确定
    .unsure-words = 不确定|不知道|不清楚|忘了|不记得

q-status = 这张卡现在是什么状态?
    .name = 卡的状态
    .why = 教程要求卡处于保号状态,停机和欠费要先解决。
    .kept = 保号中(正常)
    .kept-words = 保号|保号中|正常|在用|能用|还能用|没停机|没有停机
    .suspended = 已停机
    .suspended-words = 停机|已停机|被停机|停了|停用|暂停
    .in_arrears = 欠费
    .in_arrears-words = 欠费|欠费了|欠钱|欠款|负余额|滞纳金
    .unsure = 不确定
    .unsure-words = 不确定|不知道|不清楚|没查过

q-balance = 余额是什么情况?
    .name = 余额
    .why = 注销以后余额能不能退,没有查到公开说明。先弄清楚,免得损失。
    .settled = 余额为零,费用都结清了
    .settled-words = 余额为零|余额是零|没有余额|没余额|结清|结清了|已结清|零余额
    .credit = 里面还有钱
    .credit-words = 还有钱|有余额|还有余额|剩一点钱|卡里有钱
    .unsure = 不确定
    .unsure-words = 不确定|不知道|不清楚|没查过

q-bundled = 卡上绑了套餐或其他业务吗?
    .name = 捆绑业务
    .why = 教程要求卡没有捆绑其他业务,绑着的要先退。
    .plain = 没有,只保号
    .plain-words = 没有套餐|没绑套餐|没有绑定|没绑定|只保号|没有业务|没有捆绑|没有|没|不
    .bundled = 有套餐或其他业务
    .bundled-words = 有套餐|绑了套餐|绑定套餐|套餐|捆绑|捆绑业务|流量包|合约|有|是
    .unsure = 不确定
    .unsure-words = 不确定|不知道|不清楚|没查过

q-sim = 你手上是哪种 SIM?
    .name = SIM 类型
    .why = 去营业厅要带实体卡;eSIM 和丢了的卡要另外说明。
    .card = 实体卡,在手上
    .card-words = 实体卡|卡在手上|卡还在|塑料卡|实体
    .esim = eSIM
    .esim-words = esim|e-sim|电子卡
    .lost = 卡丢了
    .lost-words = 卡丢了|丢了|弄丢|弄丢了|找不到卡|遗失

q-place = 登记人现在在阿塞拜疆吗?
    .name = 人在哪里
    .why = 在当地可以去营业厅;在国外只能走线上、书面,或者请人代办。
    .in_country = 在阿塞拜疆
    .in_country-words = 阿塞拜疆|当地|在阿塞拜疆|在巴库|我在当地|在当地|人在阿塞拜疆|人在巴库|巴库|在境内|是|是的|在
    .abroad = 在别的国家
    .abroad-words = 国外|海外|外国|中国|境外|国内|在国外|在国内|人在国内|人在国外|在中国|回国了|在海外|不在阿塞拜疆|在境外|已经离开|不是|不在|不

q-leaving = 登记人一周之内要离开阿塞拜疆吗?
    .name = 离开时间
    .why = 离开以后就去不了营业厅,在国外办也慢得多。快走的话,要先办这一件。
    .soon = 一周之内离开
    .soon-words = 快走了|马上走|这周走|明天走|后天走|要离开|快离开|很快离开|是|是的|要
    .later = 不急,或者不离开
    .later-words = 不急|不离开|还早|以后再说|长住|不走|不|不是|没有

q-way = 你想去营业厅,还是在网上办?
    .name = 办理方式
    .why = Azercell 两种都公布了。营业厅当场办,通常几分钟;网上要等审核,可能更久。
    .store = 去营业厅
    .store-words = 营业厅|去营业厅|门店|去店里|柜台|线下
    .online = 网上办
    .online-words = 网上办|线上|网上|在线办|用app办|线上办理|网上办理

q-helper = 阿塞拜疆那边有你信得过的人可以代办吗?
    .name = 代办人
    .why = Azercell 写明可以凭授权委托书代办。代办人会拿到你的证件复印件,一定要信得过。
    .trusted = 有,信得过
    .trusted-words = 有人代办|有朋友在那边|可以代办|有人帮忙|朋友代办|家人代办|有|是
    .nobody = 没有
    .nobody-words = 没人|没有人|没有人帮忙|没人代办|没人帮忙|没有|没|不

q-accounts = 这个号码上还挂着哪些账号?可以选几个,选好点「选好了」。
    .name = 挂着的账号
    .why = 号码注销后可能给别人用,新主人就会收到你的验证码。所以先搬走账号,最后才注销。
    .telegram = Telegram
    .telegram-words = telegram|电报|tg|飞机
    .messengers = 微信、WhatsApp、LINE
    .messengers-words = 微信|whatsapp|line|wechat|即时通讯
    .email = 邮箱、Apple、谷歌账号
    .email-words = 邮箱|苹果账号|苹果id|apple id|谷歌|google|gmail|apple
    .money = 银行、支付、交易所
    .money-words = 银行|支付宝|银行卡|paypal|wise|交易所|币安|支付
    .other = 其他(AI、云服务、游戏……)
    .other-words = chatgpt|openai|claude|云服务|游戏|域名|社交媒体|其他账号
    .nothing = 都没有
    .nothing-words = 都没有|什么都没有|没有挂账号|没有绑账号|没挂|都解绑了|已经解绑|没有|没
    .unsure = 想不起来了
    .unsure-words = 想不起来|不确定|不知道|不清楚|记不得|忘了

q-receives = 这个号码现在还收得到短信吗?
    .name = 能否收短信
    .why = 换绑账号常常要收一条验证码。收不到,就要换一种办法。
    .receiving = 收得到
    .receiving-words = 收得到|能收|能收短信|能收到|可以收|还能收短信|能|可以|是
    .silent = 收不到
    .silent-words = 收不到|收不到短信|不能收|不能收短信|没信号|没有信号|没网络|不能|不|没有

q-result = 运营商给你书面的注销证明了吗?
    .name = 结果
    .why = 手里有证明,才算真的办完。口头说「好了」,可能只是停机。
    .proven = 给了,证明在手上
    .proven-words = 证明拿到了|拿到证明|拿到了证明|有证明|证明在手|有|是
    .refused = 他们不给办
    .refused-words = 被拒|拒绝|不给办|拒绝了|被拒绝
    .waiting = 还没有答复
    .waiting-words = 没答复|没有答复|没回复|没有回复|还在等|没消息

# ---------------------------------------------------------------- 步骤

s-identify_network = 先弄清是哪家运营商
    .why = 只有弄清了网络,才知道该找谁注销。
    .do =
        按顺序试试,哪个先有结果都行:
        • 把卡插进手机,看屏幕上的网络名称。
        • 想想你用哪个 App 或网站给它充值。
        • 电子政务门户「Elektron Hökumət」提供过携号转网查询(现在是否还在,没有核实)。
        • 号段只是线索:{ $prefixes_azercell } 最早是 Azercell,{ $prefixes_bakcell } 是 Bakcell,{ $prefixes_nar } 是 Nar。从 { $portability_since } 起可以携号转网。{ $prefix_naxtel } 的 Naxtel 已在 { $naxtel_end } 停止,号码转到了这三家。

        知道了就告诉我,我马上更新计划。
    .note-caspian = 我们没有查到名叫「Caspian Mobile」的运营商。它多半是教程写错了,你的卡应该属于上面三家之一。

s-find_holder = 查清登记在谁名下
    .why = 只有登记的机主,或他书面授权的人,才能注销。
    .do =
        • 找出买卡时的合同或包装,看上面的姓名。
        • 看运营商 App 里登记的资料。
        • 都没有,就问运营商。他们会不会告诉你、要什么证件,没有查到公开说明。

        登记人是你,就继续;不是你,告诉我,计划会跟着变。

s-involve_holder = 请登记人一起办
    .why = 你说卡登记在别人名下。能注销的是他,不是你。
    .do =
        把这份计划给登记人看,说好由他去办,或者由他写授权委托书。
        下面要带的证件,都是登记人的证件。

s-trace_seller = 试着找到登记人
    .why = 卡在别人名下,你自己注销不了。
    .do =
        • 问卖家:卡登记在谁名下,登记人愿不愿意去注销,或者写授权委托书。
        • 别把自己的证件照片和验证码发给卖家,也别付「代注销」费。
        • 找到了,就在这里改答案。找不到,就按下面的步骤保护好自己,让号码自然失效。

s-list_accounts = 列出这个号码挂着的账号
    .why = 你想不起来挂着什么。漏掉一个,以后就可能登不上。
    .do =
        • 翻旧短信,搜「验证码」「code」「verification」。
        • 看密码管理器和邮箱里的注册邮件。
        • 逐个想:Telegram、微信、邮箱、银行、AI、云服务、游戏。

        列好了就告诉我,我按类别告诉你怎么搬。
    .note-silent = 号码已经收不到短信:趁还登录着的设备在,先从那里进各个账号的安全设置。

s-save_telegram = 先把 Telegram 换到新号码
    .why = 号码注销后可能给别人。新主人有机会进你的账号,而你也许正用它和我说话。
    .do =
        Telegram → 设置 → 点你的号码 → 更改号码。聊天、联系人和文件都会保留。
        • 先打开「两步验证」,设一个密码。没有它,号码的新主人可能直接进来。
        • 刚登录不满 { $telegram_change_hours } 小时不能换号;新号码已经注册过 Telegram 也不能换。
    .note-silent = 旧号收不到短信:趁现在还登录着,马上换。别退出任何设备。

s-save_accounts = 把其他账号换到新号码
    .why = 注销以后,你收不到验证码,别人却可能收到。
    .do =
        一个一个来,按下面的顺序。每换好一个,就不用旧号码登录一次试试,确认能进。
    .note-email = 邮箱、Apple、谷歌:先做这些,因为别的账号要靠它们找回。加上新号码和验证器,保存备用代码,再删旧号码。
    .note-money = 银行、支付、交易所:换好预留手机号,并确认新号能收到验证码。在国外换不了,先问银行。
    .note-messengers = 微信:我 → 设置 → 账号与安全 → 手机号。WhatsApp:设置里用「更改号码」,不要等号码没了再做。LINE 也在设置里换。
    .note-other = 其他账号:AI、云服务、域名、游戏、社交媒体,逐个换掉;用不到的账号直接注销。
    .note-silent = 旧号收不到短信:用邮箱、验证器、备用代码或还登录着的设备来换。实在不行,问各服务的客服;要不要先恢复这张卡,想好再注销。

s-back_up = 备份重要资料
    .why = 注销以后,和这个号码有关的东西可能再也取不回来。
    .do =
        • 存好还有用的短信和 SIM 卡里的联系人。
        • 截图运营商 App 里的合同、余额、缴费记录。
        • 记下哪些服务用过这个号码,万一要找回。

s-ask_operator = 问清楚卡的情况
    .why = 你有几项还不确定。先问清,免得白跑一趟。
    .do = 联系运营商,一次问完下面几点,再回来告诉我。
    .note-status = 卡现在是正常、停机,还是欠费?
    .note-balance = 余额多少?有没有没结清的费用?
    .note-bundled = 有没有绑着套餐或其他收费业务?
    .note-check_azercell = 用这张卡自己查:预付费拨 <code>{ $azercell_check_prepaid }</code>,后付费拨 <code>{ $azercell_check_postpaid }</code>,再按呼叫键。
    .note-check_bakcell = 用这张卡自己查余额:拨 <code>{ $bakcell_check }</code>,再按呼叫键,免费。
    .note-check_nar = 用这张卡自己查余额:拨 <code>{ $nar_check }</code>,再按呼叫键,可能收一点费。

s-read_terms = 先看一眼 Azercell 的规定
    .why = 各家规定不同,也会变。
    .do =
        • 怎样注销:{ $azercell_procedure }
        • 什么时候号码会被注销:{ $azercell_rules }

        看不懂就用浏览器翻译。有疑问问客服。
        记住两个词:<b>xəttin bağlanması</b> 是停机,以后能恢复;<b>nömrənin ləğvi</b> 才是注销号码。你要的是后一个。

s-ask_procedure = 先问清怎么注销
    .why = 这家运营商没有公开的注销流程。我们不编,请直接问。
    .do =
        请问清:
        • 怎样彻底注销号码、解除合同(不是停机)?
        • 要什么证件?外国人呢?
        • 有没有费用?从哪天起生效?
        • 能不能线上办、请人代办?
        • 给不给书面证明?
    .note-contract_bakcell = Bakcell 的用户合同是公开的,解约条款请在这里看最新版:{ $bakcell_contract }
    .note-menu_nar = 在 { $nar_site } 看「Frequently asked questions」和「Subscriber identification」两栏。

s-settle_arrears = 结清欠费
    .why = 你说卡欠费。教程要求费用全部结清才能注销。
    .do =
        • 问清欠多少、欠的是什么钱,请他们写下来。
        • 数目不对就先问明白,再付款。
        • 付完留好缴费凭证,等一等,再查一次余额。

        欠费是否一定挡住注销,没有查到公开说明,以运营商答复为准。
    .note-fee_azercell = Azercell 从 { $azercell_fee_since } 起,预付费号码一个月用不到 { $azercell_fee },可能收 { $azercell_fee } 月服务费;余额不够,剩下的从下次充值里扣。
    .note-credit_nar = Nar 的借款也算欠费。用这张卡免费查:<code>{ $nar_credit_check }</code>、<code>{ $nar_sos_check }</code>,再按呼叫键。

s-lift_suspension = 解决停机
    .why = 你说卡停机了。停机只是把线关掉,号码和合同还在,不等于注销。
    .do =
        • 问运营商:停机状态能不能直接注销?
        • 不能的话,怎样先恢复?要不要充值、要什么证件?
        • 先问清费用再充值,别多充。
    .note-reopen_azercell = Azercell:短期关闭的线,可以打客服、在线客服或在 { $azercell_app } 里恢复;书面申请关闭的线,要把申请和证件复印件发到客服邮箱。

s-end_bundle = 退掉套餐和其他业务
    .why = 你说卡上绑了业务。教程要求先解除捆绑。
    .do =
        • 请运营商列出这个号码上所有收费业务。
        • 一项一项退掉,问清有没有违约金、几时生效。
        • 请他们确认:已经没有任何捆绑业务。

s-use_credit = 把余额用掉
    .why = 你说卡里还有钱。注销时能不能退,没有查到公开说明,先当作退不了。
    .do =
        • 从现在起不要再充值。
        • 用掉它,或者转给同一家运营商的朋友。
        • 注销时再问一句:剩下的钱能退吗?请他们写下来。
    .note-transfer_azercell = Azercell 可以转余额,一次 { $azercell_transfer },要手续费。
    .note-transfer_nar = Nar 可以转余额,一次 { $nar_transfer },要手续费,漫游时不能转。

s-gather_papers = 备齐证件
    .why = 少一样就可能白跑。全部带上。
    .do = 下面每样备好一件,就勾一件。证件要在有效期内,姓名要和登记的一致。不要把证件发给我。
    .note-foreigner = Azercell 要求外国公民出示护照,并写到「在阿停留超过 { $azercell_registration_days } 天的外国人登记卡」或居留许可。只有护照够不够,请先问营业厅或客服。
    .note-apostille = 委托书:阿塞拜疆承认海牙认证(附加证明书)。运营商认不认外国做的委托书、要不要译成阿塞拜疆语,没有查到,请先问再办。

s-visit_store = 去营业厅注销
    .why = 在营业厅当面注销,通常几分钟就好。这一步不能反悔。
    .do =
        • 告诉工作人员:你要注销保号卡(<b>nömrənin ləğvi</b>),不是停机。
        • 交证件和 SIM 卡,让他们核对资料。
        • 填注销申请表,交回去,等一会儿。
        • 请他们当场查:还有没有欠费、有没有收费业务。
        • 要一份书面的注销证明(<b>yazılı təsdiq</b>)再走。
    .note-office_azercell = 找「Azercell Eksklüziv」或「Müştəri Xidmətləri ofisi」。营业时间没有查到,去之前先问。
    .note-office_bakcell = 找「Bakcellim ofisi」。营业时间没有查到,去之前先问。
    .note-office_nar = 找「satış və xidmət mərkəzi」。营业时间没有查到,去之前先看官网。
    .note-esim = 你的是 eSIM,没有实体卡,请说明。先别删 eSIM,删掉不等于注销。
    .note-lost = 卡丢了,请告诉工作人员并挂失。要不要先补卡,由他们决定。
    .note-leaving = 你们快要离开了:请在离开之前办完这一步,并拿到证明。出去以后要麻烦得多。

s-cancel_online = 在网上注销
    .why = Azercell 写明也可以在 { $azercell_app } 里办。这一步不能反悔。
    .do =
        • 从官网 { $azercell_site } 下载 App,登录。
        • 找「注销」「ləğv」或类似的入口。
        • 按提示填资料、上传证件。只在官方 App 里传。
        • 等审核。会比营业厅慢,早点办。
        • 确认是 <b>nömrənin ləğvi</b>(注销),不是 <b>xəttin bağlanması</b>(停机)。
        • 办理期间保持手机和邮箱畅通,他们可能联系你。
    .note-abroad = 用外国护照登记的号码能不能在 App 里注销,没有查到。找不到入口,就写信给 <code>{ $azercell_email }</code> 问;第一封信不要附证件。
    .note-leaving = 你们快要离开了:请在离开之前办完这一步,并拿到证明。出去以后要麻烦得多。

s-write_operator = 写信请运营商注销
    .why = 你在国外,又没有人代办。没有查到这家公开的线上流程,书面申请最稳妥。这一步不能反悔。
    .do =
        • 从官网的客服入口写,别用搜到的陌生地址。
        • 写清:你是机主,人在国外,要注销号码并解除合同,不是停机。
        • 请他们答复:要什么证件、有没有欠费、能不能远程办。
        • 第一封信不要附证件;他们用官方地址要了,再发。
        • 请他们办完给书面证明。办理期间留意他们的联系。

s-send_proxy = 请代办人去注销
    .why = 你在国外,有信得过的人代办。这一步不能反悔。
    .do =
        • 先问运营商认哪种委托书,再去做。
        • 委托书写明:注销号码(<b>nömrənin ləğvi</b>)、解除合同、领取书面证明。
        • 代办人带:委托书、你的证件复印件、他自己的证件。
        • 请他当场要书面证明,拍给你看。
    .note-online_azercell = 也可以先试 { $azercell_app }:里面能注销,就不用委托了。

s-let_lapse = 不再充值,让号码自然失效
    .why = 联系不上登记人,没有别的正规办法。账号都搬走了,才走这一步。
    .do =
        • 不要再充值,也不要再用它注册任何东西。
        • 失效的日子由运营商定,你不会收到证明。
        • 在那之前,拿着卡的人仍可能收到短信。所以账号一定先搬走。
        • 不充值会不会影响信用或出入境:没有查到任何依据,不确定就问运营商。
    .note-lapse_azercell = Azercell:预付费号码在使用期结束后注销;后付费号码关闭后 { $azercell_postpaid_months } 个月不恢复就注销。号码之后可能给别人,不会通知你。
    .note-lapse_others = 这家现行的期限没有查到,请看官网或问客服。

s-confirm_result = 拿到注销证明
    .why = 有书面证明,才算注销完成。口头答应可能只是停机。
    .do =
        • 证明上要有:号码、注销日期、运营商的名称或印章。
        • 打不通也可能只是停机,所以一定要证明。
        • 证明拍照,存好。

        现在是什么结果?

s-complain_operator = 向运营商书面投诉
    .why = 他们没有办,或者没有答复。先向运营商投诉,是规定的第一步。
    .do =
        • 书面写:哪天、在哪里、要求了什么、得到什么答复。
        • 要一个受理编号。
        • 运营商应在 { $complaint_days } 个工作日内答复;需要核查时 { $complaint_days_checked } 个工作日。
    .note-refused = 请他们写明拒绝的理由。口头拒绝不算数。
    .note-waiting = 写上你第一次申请的日期,附上截图。
    .note-address_azercell = Azercell 的投诉可以走在线客服、邮箱,或寄到 { $azercell_address }。

s-complain_regulator = 向监管机构 İKTA 投诉
    .why = 运营商拒绝或到期没有答复,可以找监管机构。
    .do =
        先向运营商投诉过,再来这里:{ $regulator_site }
        附上受理编号、往来邮件和日期。

s-dispose_sim = 妥善处理 SIM 卡
    .why = 卡落到别人手里,可能被冒用。
    .do = 拿到证明以后,把芯片剪断再丢。没拿到证明之前,先收好。

s-delete_esim = 删除 eSIM
    .why = eSIM 最后才删。删掉它不等于注销,反而会收不到短信。
    .do = 拿到证明以后,在手机设置里删除这个 eSIM。

# ---------------------------------------------------------------- 证件

p-identity = 机主的有效证件(护照或身份证)原件
p-residence = 外国公民:外国人登记卡或居留许可(先问清是否需要)
p-sim = SIM 卡
p-receipt = 缴费凭证(有就带上)
p-proxy_letter = 授权委托书(etibarnamə)
p-identity_copy = 机主证件的复印件(给代办人)
p-proxy_identity = 代办人自己的证件

# ---------------------------------------------------------------- 联系方式

c-azercell_call_centre = Azercell 客服:<code>{ $azercell_number }</code>,{ $azercell_hours }。只能用 Azercell 的号码拨。
c-azercell_online = Azercell 在线客服:官网 { $azercell_site } 和 Azercell App 里。国外也能用。
c-azercell_mail = Azercell 邮箱:<code>{ $azercell_email }</code>
c-bakcell_call_centre = Bakcell 客服:<code>{ $bakcell_number }</code>,免费。只能用 Bakcell 的号码拨。
c-bakcell_online = Bakcell 官网 { $bakcell_site } 和「{ $bakcell_app }」。从别的网络或国外打的号码没有查到可靠来源,以官网为准。
c-nar_online = Nar:没有查到可靠的客服电话。请看官网 { $nar_site }、App「{ $nar_app }」,或去 Nar 营业厅。
c-caspian_none = 没有查到「Caspian Mobile」这家运营商,也没有它的客服。先弄清是哪家网络。
c-from_abroad = 短号只能在本网内拨通。人在国外,先用官网、在线客服、邮箱或 App。
c-not_azercell = ⚠️ 有的教程把 { $fire } 写成 Azercell 客服。那是阿塞拜疆的<b>火警</b>,不要拨。
c-not_bakcell = ⚠️ 有的教程把 { $police } 写成 Bakcell 客服。那是阿塞拜疆的<b>报警电话</b>,不要拨。
c-not_caspian = ⚠️ 有的教程把 { $ambulance } 写成「Caspian Mobile」客服。那是阿塞拜疆的<b>急救电话</b>,不要拨。

# ---------------------------------------------------------------- 你可能想问

f-retention = 什么是保号卡
    .words = 什么是保号卡|保号卡是什么|保号是什么|什么叫保号
    .answer =
        保号卡只做一件事:花很少的钱,让号码继续归你用。号码可能绑着银行和社交账号。
        有人暂时不用这个号码,又怕它被收回、被别人拿去,就办一张。适合以后可能再启用,或者想暂停服务又不想丢号码的人。
        当地运营商都有类似的卡,条件各不相同。教程提到 Azercell、Bakcell 和「Caspian Mobile」,最后一家我们没有查到。

f-reasons = 为什么要注销
    .words = 为什么要注销|为什么注销|有必要注销吗|要不要注销|注销的好处
    .answer =
        教程给了四个理由:
        • 号码不用了,省掉花费和安全风险。
        • 免费保号期过了又不充值,可能越积越多费用。
        • 号码绑过银行和社交账号,留着有泄露的风险。
        • 号码是有限的资源,闲着别人也用不了。

f-emergency = 教程里的客服号码能打吗
    .words = { $fire }|{ $police }|{ $ambulance }|{ $rescue }|火警|报警|急救|教程里的号码|教程的电话
    .answer =
        不能。在阿塞拜疆,{ $fire } 是火警,{ $police } 是报警,{ $ambulance } 是急救。{ $rescue } 是紧急情况部的热线。
        有的教程把前三个写成运营商客服,那是错的。在别的国家,这些号码也可能是紧急电话。
        真正的联系方式,点「客服」就能看到。

f-closing = 停机和注销有什么不同
    .words = 停机和注销|停机注销|停机是注销|停机等于注销|关闭和注销|停机算注销|区别
    .answer =
        不一样。<b>停机</b>(xəttin bağlanması)只是把线关掉,以后能恢复,号码和合同都还在。
        <b>注销</b>(nömrənin ləğvi)是结束合同、交回号码。
        营业员可能顺手只给你停机,所以要说清楚,并要一份写着「注销」的证明。

f-states = 三种状态怎么看
    .words = 什么状态|怎么看状态|怎么查状态|状态怎么查|怎么查余额|查余额|怎么知道欠费
    .answer =
        教程说的三种状态:保号(正常留着)、停机(线被关了)、欠费(有钱没付)。
        注销前要三样都满足:处于保号状态、余额为零或费用结清、没有捆绑业务。
        用这张卡查:Azercell 拨 <code>{ $azercell_check_prepaid }</code>(预付费)或 <code>{ $azercell_check_postpaid }</code>(后付费);Bakcell 拨 <code>{ $bakcell_check }</code>;Nar 拨 <code>{ $nar_check }</code>。

f-neglect = 不管它会怎样
    .words = 不注销会怎样|不管它|不充值会怎样|不注销|放着不管|会不会自动注销|自动注销
    .answer =
        Azercell 写明:预付费号码在使用期结束后会注销,之后可能给别人用,不会通知你。Bakcell 和 Nar 现行的期限没有查到。
        风险不在卡,在挂着的账号:号码到了别人手里,验证码也到了别人手里。
        所以就算不去注销,也请先把账号搬走。

f-debt = 欠费会影响征信或入境吗
    .words = 征信|入境|出境|黑名单|信用|坐牢|起诉|会不会被告
    .answer =
        没有查到任何依据,能说明预付费号码欠费会影响征信或出入境。也没有查到反过来的保证。
        想要确定的答案,请书面问运营商,或者问监管机构 İKTA:{ $regulator_site }

f-monthly_fee = 每月那笔小额扣费是什么
    .words = 月费|月服务费|每月扣|马纳特|扣费|扣了钱|{ $azercell_fee }|azn
    .answer =
        Azercell 从 { $azercell_fee_since } 起:预付费号码一个月用不到 { $azercell_fee },收 { $azercell_fee } 月服务费(含税)。余额不够,剩下的从下次充值里扣。
        没有查到会用别的方式追讨,也没有查到注销后还有影响。金额以客服答复为准。

f-lapse = 让它自然失效行不行
    .words = 自然失效|自动失效|等它失效|过期|不充值让它|让它失效
    .answer =
        可以,但有三个缺点:哪天失效不由你定;没有书面证明;在那之前卡可能还能收短信。
        Azercell 的预付费号码在使用期结束后注销。其他两家没有查到现行规定。
        账号一定要先搬走。

f-refund = 余额能退吗
    .words = 余额能退|退钱|退余额|退款|余额怎么办|退费
    .answer =
        没有查到「注销时退余额」的公开规定,先当作退不了。
        先查余额,把它用掉或转给朋友;注销时再问一句,请他们把答复写下来。

f-documents = 要带哪些证件
    .words = 带什么证件|要什么证件|需要什么证件|什么材料|要带什么|证件要哪些|需要什么材料
    .answer =
        • 机主的有效证件:护照或身份证
        • SIM 卡本身
        • 缴费凭证,有就带上
        全部带齐,免得白跑。Azercell 对外国公民还写到登记卡或居留许可。你的清单在「证件」里。

f-foreigners = 只有护照够不够
    .words = 护照够不够|只有护照|没有居留|居留证|外国人
    .answer =
        Azercell 写的是:护照,以及在阿停留超过 { $azercell_registration_days } 天的外国人登记卡,或者临时、永久居留许可。是不是两样都要,原文不够清楚。
        请先问客服或营业厅。Bakcell 和 Nar 没有查到公开要求。

f-someone_elses = 卡不是我名下怎么办
    .words = 不是我的名字|别人的名字|卡不是我的|买的卡怎么注销|二手卡
    .answer =
        只有登记的机主能注销,或者由他写授权委托书请人办。当地法律要求合同里写明:不得把 SIM 长期转给或出租给别人。
        联系得上登记人,请他一起办。联系不上,先搬走账号,不再充值,让它自然失效。

f-proxy = 能请人代办吗
    .words = 代办|委托书|授权委托|代理人|请人去办|海牙认证
    .answer =
        Azercell 写明可以凭授权委托书办。代办人带:委托书、机主证件复印件、自己的证件。
        阿塞拜疆从 { $apostille_azerbaijan } 起承认海牙认证。外国做的委托书他们收不收、要不要翻译,没有查到,先问再做。Bakcell 和 Nar 请先问。

f-from_abroad = 人在国外能注销吗
    .words = 国外能注销|国内能注销|远程注销|不回去能注销|国外怎么注销|在国外怎么办|在国内怎么办
    .answer =
        Azercell:可以试 { $azercell_app },问在线客服或写信给 <code>{ $azercell_email }</code>,也可以委托别人。外国护照登记的号码能不能在 App 里注销,没有查到。
        Bakcell 和 Nar:没有查到公开的远程办法,请从官网书面询问。
        短号在国外拨不通。

f-online = 网上怎么注销
    .words = 网上怎么注销|线上怎么办|app怎么注销|网上能注销|线上能注销|能在网上注销
    .answer =
        登录运营商官网或官方 App → 找「注销」或类似入口 → 按提示填资料、传证件 → 等审核,通过后系统完成注销。
        网上可能更慢,早点办。查到写明可以这样办的只有 Azercell。

f-counter = 在营业厅会发生什么
    .words = 营业厅流程|柜台怎么说|营业厅怎么办|去了怎么说|要多久|办多久
    .answer =
        说明你要注销保号卡 → 交证件和 SIM 卡核对 → 填注销申请表 → 交回去,等几分钟 → 要书面的注销证明。
        请说清楚是注销(<b>nömrənin ləğvi</b>),不是停机。

f-certificate = 为什么要注销证明
    .words = 注销证明|什么证明|要证明吗|证明有什么用|书面证明
    .answer =
        它说明号码哪天不再归你。以后有人拿这个号码做事,或者又来收费,你有凭据。
        运营商是否一定会给,没有查到公开规定,所以请当场要,并写在申请里。

f-reissue = 号码会给别人用吗
    .words = 二次放号|给别人用|号码回收|别人用我的号码|重新放号
    .answer =
        会有可能。Azercell 写明:号码只是给你使用,合同结束后可以给别的用户,不会通知你。
        隔多久再放出去,没有查到。所以先搬账号,后注销。

f-unlink = 注销前要解绑什么
    .words = 解绑什么|要解绑|解绑哪些|换绑|怎么解绑
    .answer =
        建议的顺序:先列清单 → Telegram(你可能正用它和我说话)→ 邮箱、Apple、谷歌 → 银行、支付、交易所 → WhatsApp、微信 → AI、云服务、游戏、社交媒体 → 每个都不用旧号登录一次 → 最后才注销。

f-this_chat = 我的 Telegram 就是这个号码
    .words = telegram就是这个号|tg就是这个号|电报就是这个号|用这个号登录的telegram|这个号注册的telegram
    .answer =
        那请先做这一件:Telegram → 设置 → 点你的号码 → 更改号码。聊天都会保留。再打开「两步验证」。
        没有两步验证密码,号码的新主人可能进入你的账号。

f-esim = 删掉 eSIM 等于注销吗
    .words = 删esim|删掉esim|删除esim|esim删
    .answer =
        不等于。删掉 eSIM 只是手机里没有了,号码和合同都还在,还会收不到验证码。
        先注销、拿到证明,最后才删。

f-no_sms = 收不到短信还能办吗
    .words = 收不到短信怎么办|收不到验证码|没有短信怎么办
    .answer =
        注销本身靠证件,不靠短信;网上办理可能要验证码。
        难的是换绑账号:用邮箱、验证器、备用代码,或者还登录着的设备。都不行,先想办法恢复这张卡,再注销。

f-which_operator = 忘了是哪家运营商
    .words = 忘了是哪家|怎么知道是哪家|怎么查运营商|携号转网|号段|哪个运营商
    .answer =
        看手机上显示的网络名称,或者想想用哪个 App 充值。号段只是线索,因为从 { $portability_since } 起可以携号转网。
        { $prefix_naxtel } 号段的 Naxtel 已经停止,号码现在在 Azercell、Bakcell 或 Nar。

f-staff_language = 客服说什么语言
    .words = 说什么语言|有英文吗|会英语吗|会中文吗|语言不通|英文客服
    .answer =
        没有查到各家客服支持哪些语言。可以写字:在线客服和邮件能慢慢翻译。
        到营业厅,把要说的话用阿塞拜疆语写在手机上给他们看,再请他们把答复写下来。

f-refused = 他们不给办怎么办
    .words = 不给注销|不给办怎么办|拒绝怎么办|投诉|不理我怎么办
    .answer =
        先向运营商书面投诉,要受理编号。他们应在 { $complaint_days } 个工作日内答复,需要核查时 { $complaint_days_checked } 个。
        还不行,向监管机构 İKTA 投诉:{ $regulator_site }

f-terms = 各家的规定在哪里看
    .words = 规定在哪|合同在哪|条款|官网规定|用户协议
    .answer =
        每家不同,也会变,办之前看一眼:
        • Azercell:{ $azercell_rules }
        • Bakcell 用户合同:{ $bakcell_contract }
        • Nar:{ $nar_site }

f-stay_reachable = 办理时要注意什么
    .words = 注意什么|注意事项|要注意|保持联系
    .answer =
        • 先备份重要资料,以防要找回服务。
        • 先查余额,别让钱白白没了。
        • 各家规定不同,先看再办。
        • 办理期间保持手机和邮箱畅通,运营商可能联系你。
        有疑问,问客服或营业厅。这是你自己的权益,别嫌麻烦。

f-agents = 网上的代注销可信吗
    .words = 代注销|中介|代办费|骗子|可信吗
    .answer =
        请小心。注销要机主本人的证件。把证件照片和验证码交给陌生人,比留着这张卡更危险。
        需要代办,只找你认识、信得过的人,并写正式的委托书。

f-privacy = 你会保存我的什么
    .words = 保存什么|隐私|你会保存|数据安全|删除我的数据
    .answer =
        在你这个账号名下,只存你选的答案、勾选、提醒、语言和时区。不存姓名、完整号码、证件和验证码,也不需要你告诉我。
        发送 /export 看全部;发送 /forget,马上全部删除。很久不来,我也会自己删掉。

# ---------------------------------------------------------------- 提醒与时区

o-leaving_store = ⏰ 快要离开了,去营业厅最要紧。要不要我明天早上提醒你?
o-leaving_online = ⏰ 快要离开了,网上办理要等审核。要不要我明天早上提醒你?
o-review = ⏰ 要等审核。要不要我过三天提醒你去看结果?
o-letter = ⏰ 要等他们回信。要不要我过一周提醒你去看结果?
o-helper = ⏰ 要不要我过三天提醒你问代办人的结果?
o-complaint = ⏰ 他们有期限答复。要不要我到期提醒你,必要时再向监管机构投诉?

z-baku = 巴库
    .words = 巴库|阿塞拜疆
z-beijing = 北京
    .words = 北京|上海|中国|大陆|深圳|广州|成都
z-taipei = 台北
    .words = 台北|台湾
z-tokyo = 东京
    .words = 东京|日本|首尔|韩国
z-singapore = 新加坡
    .words = 新加坡|香港|吉隆坡|马来西亚
z-bangkok = 曼谷
    .words = 曼谷|泰国|越南
z-dubai = 迪拜
    .words = 迪拜|阿联酋|第比利斯|格鲁吉亚
z-istanbul = 伊斯坦布尔
    .words = 伊斯坦布尔|土耳其
z-moscow = 莫斯科
    .words = 莫斯科|俄罗斯
z-berlin = 柏林
    .words = 柏林|德国|法国|巴黎|意大利|西班牙|欧洲
z-london = 伦敦
    .words = 伦敦|英国
z-new_york = 纽约
    .words = 纽约|美东|多伦多
z-chicago = 芝加哥
    .words = 芝加哥|美中
z-los_angeles = 洛杉矶
    .words = 洛杉矶|美西|温哥华
z-sydney = 悉尼
    .words = 悉尼|澳大利亚|澳洲

# ---------------------------------------------------------------- 给柜台看的卡片

k-greeting = 您好。
k-request = 我想注销这个号码并解除合同:{ $number_blank }
k-with_card = 这是我的护照和 SIM 卡。
k-with_esim = 这是我的护照。这是 eSIM,没有实体卡。
k-with_nothing = 这是我的护照。SIM 卡丢了。
k-for_the_holder = 机主在国外。这是授权委托书、机主证件的复印件和我的证件。
k-check = 请帮我查一下这个号码有没有欠费或正在生效的付费业务。
k-debt = 如有欠费,请写下金额,我会付清。
k-refund = 余额能退吗?
k-cancel = 我要的不是临时停机,而是彻底注销号码。
k-from_when = 从哪天起注销?
k-proof = 请给我一份号码已注销的书面证明。
k-write_down = 我不懂阿塞拜疆语,请把回答写下来。
k-thanks = 谢谢。

letter =
    主题:关于注销号码的申请

    尊敬的客户服务:

    我是号码 { $number_blank } 的机主,目前在国外,无法前往营业厅。我想注销这个号码并解除合同。

    请告诉我:
    • 需要哪些证件;
    • 号码有没有欠费或正在生效的付费业务;
    • 能否通过邮件或授权委托书办理。

    注销之后,请给我一份书面证明。

    此致(姓名)
