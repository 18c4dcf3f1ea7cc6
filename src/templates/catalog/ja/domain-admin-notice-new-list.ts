export default `メーリングリスト $listname が作成されました。あなたがこのリストの管理
者です。まず必要となる事項をご案内します。

投稿の宛先:

    $listname

参加を希望する方の連絡先:

    $short_listname-join@$domain

退会を希望する方の連絡先:

    $short_listname-leave@$domain

このほかにメールでできることをお知りになりたいときは、件名を "help" と
したメールを次の宛先にお送りください。

    $requestaddr

ご質問はこのサーバーの管理者が承ります。

    $siteowner
`;
