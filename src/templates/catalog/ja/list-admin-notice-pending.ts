export default `メーリングリスト $listname に、モデレーターの処理が必要な申請が
$count 件あります。

$data

お時間のあるときに、リストのウェブページでご確認ください。
`;
