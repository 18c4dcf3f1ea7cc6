export default `____________________________________________________________ メーリン
グリスト $display_name: $listname 退会するには
$short_listname-leave@$domain にメールをお送りください。
`;
