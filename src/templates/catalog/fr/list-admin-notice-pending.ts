export default `Sur la liste de diffusion $listname, $count demandes attendent une
décision de la modération :

$data

Veuillez les examiner sur les pages web de la liste dès que vous en
aurez le temps.
`;
