export default `メーリングリスト $listname の使い方

次のコマンドを、メールの件名か本文に一行に一つずつ書いて
$request_email 宛にお送りください。角括弧の部分は省略できます。

    join [digest=no|mime|plain] [address=アドレス]
        会員になります。投稿を一通ずつ受け取るか、MIME 形式または
        テキスト形式のまとめ送りで受け取るかを選べます。
        "subscribe" も同じです。

    leave [address=アドレス]
        退会します。"unsubscribe" も同じです。

    confirm トークン
        申し込みを確認します。トークンは確認をお願いするメールに
        書かれています。

    who [delivery=enabled|disabled] [mode=regular|digest]
        会員の一覧です。閲覧が許されている場合に限ります。

    echo 語句
        語句をそのまま送り返します。メールが届くかどうかを試せます。

    help [コマンド]
        すべてのコマンド、または一つのコマンドの詳しい説明です。

    end
        ここから先は読みません。"stop" も同じです。

参加や退会だけであれば、$short_listname-join@$domain または
$short_listname-leave@$domain にメールを送るだけでもかまいません。

ご質問はリスト管理者 $owner_email が承ります。
`;
