export default `メーリングリスト $display_name のモデレーターが、次のお申し込みをお断
りしました。

    $request

モデレーターからの説明:

$reason

ご質問はリスト管理者 $adminaddr までお寄せください。
`;
