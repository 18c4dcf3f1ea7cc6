export default `メーリングリスト $display_name へようこそ。

アドレス $user_email で会員として登録されました。

会員の皆さんにメールを送るときの宛先:

    $listname

メールでできることや、投稿の受け取り方を変える方法をお知りになりたいと
きは、件名を "help" としたメールを次の宛先にお送りください。

    $request_email

退会するときの宛先:

    $short_listname-leave@$domain

ご質問はリスト管理者 $owner_email が承ります。
`;
