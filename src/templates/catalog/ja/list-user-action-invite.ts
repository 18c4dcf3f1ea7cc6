export default `メーリングリスト $listname の管理者より、次のアドレスでの参加のご案内で
す。

    $user_email

参加される場合は、件名を変えずにこのメールに返信してください。または、
次の一行を

    confirm $token

$request_email 宛にお送りください。$confirm_by_web

参加されない場合は、何もしていただく必要はありません。ご返信がないかぎ
り、リストに登録されることはありません。ご質問は $contact_address まで
お寄せください。
`;
